package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @TempDir
    Path folder;

    private Network open(Options options) throws IOException {
        return Network.open(Fake.folder(folder), options);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 9, 16, 17, 1000})
    void anyBatchSizeIsServed(int n) throws IOException {
        try (Network net = open(Fake.options())) {
            Tensor x = Fake.rows(n, 3, 5);
            Tensor[] y = net.predict(x);
            assertArrayEquals(new int[] {n, 4}, y[0].shape());
            assertArrayEquals(Fake.expected(net.weights(), x), y[0].floats());
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < 4; j++) assertTrue(y[0].get(i, y[1].getInt(i)) >= y[0].get(i, j));
            }
        }
    }

    @Test
    void manyThreadsGetTheBitsOfOne() throws Exception {
        try (Network net = open(Fake.options().threads(2)); var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> calls = new ArrayList<>();
            for (int t = 0; t < 64; t++) {
                int thread = t;
                calls.add(pool.submit(() -> {
                    for (int i = 0; i < 40; i++) {
                        Tensor x = Fake.rows(1 + (thread * 7 + i) % 40, 3, thread);
                        assertArrayEquals(Fake.expected(net.weights(), x), net.predict(x)[0].floats());
                    }
                }));
            }
            for (Future<?> call : calls) call.get(30, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void theTeamGivesTheBitsOfOneThread(int threads) throws IOException {
        Tensor x = Fake.rows(997, 3, 3);
        try (Network net = open(Fake.options().threads(threads))) {
            float[] expected = Fake.expected(net.weights(), x);
            for (int i = 0; i < 200; i++) assertArrayEquals(expected, net.predict(x)[0].floats());
        }
    }

    @Test
    void tensorsMayBeginInTheMiddleOfAnArray() throws IOException {
        try (Network net = open(Fake.options())) {
            Tensor x = Fake.rows(10, 3, 1);
            Tensor part = Tensor.at(6, x.floats(), 5, 3);
            float[] y = new float[100];
            int[] best = new int[9];
            net.predictInto(new Tensor[] {part}, new Tensor[] {Tensor.at(40, y, 5, 4), Tensor.at(4, best, 5)});
            assertArrayEquals(Fake.expected(net.weights(), part), Arrays.copyOfRange(y, 40, 60));
            assertEquals(0, y[39]);
            assertEquals(0, y[60]);
        }
    }

    @Test
    void predictIntoNeedsNoMemory() throws IOException {
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Network net = open(Fake.options())) {
            Tensor[] in = {Fake.rows(33, 3, 1)};
            Tensor[] out = net.predict(in);
            net.predictInto(in, out);
            long before = bean.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1000; i++) net.predictInto(in, out);
            assertTrue(bean.getCurrentThreadAllocatedBytes() - before < 1000);
        }
    }

    @Test
    void aTensorThatDoesNotFitIsNamed() throws IOException {
        try (Network net = open(Fake.options())) {
            assertMessage("Fake.predict takes x f32[N, 3]; got 2 inputs", () -> net.predict(Fake.rows(1, 3, 1), Fake.rows(1, 3, 1)));
            assertMessage("Fake.predict: input x f32[N, 3] got f32[2, 4]: axis 1 is 4 instead of 3", () -> net.predict(Fake.rows(2, 4, 1)));
            assertMessage("Fake.predict: input x f32[N, 3] got f32[3]", () -> net.predict(Tensor.of(new float[3], 3)));
            assertMessage("Fake.predict: input x f32[N, 3] got i32[1, 3]", () -> net.predict(Tensor.of(new int[3], 1, 3)));
            assertMessage("Fake.evaluate: input t f32[N, 4] got f32[2, 4]: axis 0 is 2, but N = 3 from input 'x'",
                    () -> net.evaluate(Fake.rows(3, 3, 1), Fake.rows(2, 4, 1)));
            assertMessage("Fake.evaluate takes x f32[N, 3], t f32[N, 4]; got 1 inputs", () -> net.evaluate(Fake.rows(3, 3, 1)));
            assertMessage("Fake.predict: output 'y' needs shape [2, 4], got room for f32[2, 3]",
                    () -> net.predictInto(new Tensor[] {Fake.rows(2, 3, 1)}, new Tensor[] {Fake.rows(2, 3, 1), Tensor.of(new int[2], 2)}));
        }
    }

    private static void assertMessage(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }

    @Test
    void conditionsAndSizesAreCheckedWithTheirNumbers() {
        var code = new FakePredict();
        assertMessage("predict: x has too many rows for comfort (N = 1500000)", () -> new Binding(code, 1_500_000));
        assertTrue(assertThrows(ShapeException.class, () -> new Binding(code, 600_000_000)).getMessage().startsWith("predict: sizes are too large (N = 600000000): "));
        assertTrue(assertThrows(ShapeException.class, () -> new Binding(code, 300_000_000)).getMessage().contains("1200000000 floats"));
    }

    @Test
    void vectorKernelsTakeOverWhenWarm() throws Exception {
        try (Network net = open(Options.defaults().threads(1).width(Width.W128))) {
            assertEquals(Width.W128, net.ready().get(20, TimeUnit.SECONDS));
            net.predict(Fake.rows(3, 3, 1));
            assertEquals(Width.W128, FakePredict.lastWidth);
        }
        try (Network net = open(Options.defaults().threads(1).width(Width.W128).warm(Warm.NOW))) {
            assertTrue(net.ready().isDone());
        }
    }

    @Test
    void otherWeightsMayBeLoaded() throws IOException {
        Path file = folder.resolve("other.safetensors");
        Weights other = Weights.initial(Fake.PARAMETERS, 99);
        other.tensors(true, Map.of()).write(file);
        try (Network net = open(Fake.options().weights(file))) {
            assertArrayEquals(other.get("dense.W").floats(), net.weights().get("dense.W").floats());
        }
    }

    @Test
    void aClosedNetworkRefusesCalls() throws IOException {
        Network net = open(Fake.options());
        net.close();
        assertEquals("network Fake is closed", assertThrows(IllegalStateException.class, () -> net.predict(Fake.rows(1, 3, 1))).getMessage());
    }

    @Test
    void aFileWithoutANetworkIsRefused() throws IOException {
        Path text = Files.writeString(folder.resolve("text.jar"), "no zip");
        for (Path file : List.of(text, folder, folder.resolve("absent.jar"))) {
            String message = assertThrows(IllegalArgumentException.class, () -> Network.open(file)).getMessage();
            assertTrue(message.startsWith(file + ": "), message);
        }
    }

    @Test
    void aMissingEntryIsNamed() throws IOException {
        try (Network net = open(Fake.options())) {
            assertEquals("network Fake has no entry 'sample', it has [predict, train, evaluate]",
                    assertThrows(IllegalStateException.class, () -> net.sample(1, Fake.rows(1, 3, 1))).getMessage());
            assertEquals("Fake", net.model().name());
        }
    }
}
