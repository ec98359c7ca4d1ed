package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// A call that is warm allocates nothing: a server that predicts gives the garbage collector no work.
class AllocationTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int CALLS = 200;
    /// The JVM compiles in the background, on a busy machine late.
    private static final long LATEST_NANOS = TimeUnit.SECONDS.toNanos(60);

    @Test
    void layersAllocateNothing() {
        assertNothing("out y = x |> Conv2d(5, pad: 1) |> BatchNorm |> relu |> flatten |> Dense(7) |> softmax", new int[] {2, 3, 6, 6}, new int[] {2, 7}, 1);
    }

    @Test
    void aTeamAllocatesNothing() {
        assertNothing("out y = x |> Dense(64)", new int[] {192, 64}, new int[] {192, 64}, 2);
    }

    @Test
    void loopsAllocateNothing() {
        assertNothing("out y = x |> scan(LSTM(6))", new int[] {2, 5, 3}, new int[] {2, 5, 6}, 1);
    }

    private static void assertNothing(String body, int[] in, int[] out, int threads) {
        var compiled = Compiler.of(AllocationTest.class.getClassLoader()).compile(new SourceFile("quiet.nn", "network Quiet { in x: f32[N, %s]  %s }".formatted(extents(in), body)));
        try (var network = compiled.network(compiled.weights(1), Options.defaults().threads(threads).warm(Warm.NOW))) {
            Tensor[] inputs = {zeros(in)};
            Tensor[] outputs = {zeros(out)};
            long begin = System.nanoTime();
            long allocated;
            do {
                long before = THREADS.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < CALLS; i++) network.predictInto(inputs, outputs);
                allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            } while (allocated > 0 && System.nanoTime() - begin < LATEST_NANOS);
            assertEquals(0, allocated, "bytes in " + CALLS + " calls");
        }
    }

    private static Tensor zeros(int[] shape) {
        return Tensor.of(new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)], shape);
    }

    /// Without that of the batch.
    private static String extents(int[] shape) {
        return Arrays.stream(shape).skip(1).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }
}
