package dev.kiln.compiler.api;

import static java.lang.invoke.MethodType.methodType;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.emit.PeakEmitter;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.Map;
import java.util.SplittableRandom;

/// The speed of fused multiply-add in registers alone, with the vectors of one width: what kernels are measured against.
public final class RegisterPeak {
    private static final int TURNS = 20_000;
    private static final int WARM = 20;

    private final Width width;
    private final MethodHandle run;
    private final float[] x = new float[48];

    public RegisterPeak(Width width) {
        this.width = width;
        // factors with full mantissas: units that multiply zeros draw less power and may clock higher
        var random = new SplittableRandom(3);
        for (int i = 0; i < 32; i++) x[i] = (float) random.nextDouble(-1, 1);
        GeneratedClass made = PeakEmitter.emit(ClassDesc.of("dev.kiln.peak.Peak" + width), width);
        try {
            Class<?> type = new MemoryLoader(Map.of(made.path(), made.bytes()), RegisterPeak.class.getClassLoader()).loadClass("dev.kiln.peak.Peak" + width);
            run = MethodHandles.publicLookup().findStatic(type, "run", methodType(void.class, float[].class, int.class));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("the loop that measures the peak cannot be used: " + e, e);
        }
    }

    /// Floating-point operations of one run.
    public double operations() {
        return 2.0 * PeakEmitter.SUMS * width.lanes() * TURNS;
    }

    public void run() {
        try {
            run.invokeExact(x, TURNS);
        } catch (Throwable t) {
            throw new IllegalStateException("the loop that measures the peak failed: " + t, t);
        }
    }

    /// Operations per second, the best of some runs, on one thread.
    public double measure() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < 2 * WARM; i++) {
            long start = System.nanoTime();
            run();
            if (i >= WARM) best = Math.min(best, System.nanoTime() - start);
        }
        return operations() / best * 1e9;
    }
}
