package dev.kiln.cli.profile;

import dev.kiln.compiler.api.RegisterPeak;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.StepListener;
import dev.kiln.runtime.StepWork;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/// Runs one entry of a network on made-up inputs and measures its steps.
///
/// @param rounds  that are measured, after others that are not
/// @param threads that share the work
/// @param byStep  a row for each step, else one for each line of the text
public record Profiler(int rounds, int threads, boolean byStep) {
    private static final long WARM = 1_000_000_000L;
    private static final int MOST_WARMING = 20;
    /// A second that is not faster by so much ends the warm-up.
    private static final double STEADY = 0.95;

    private static final int CALLS_FOR_BOXES = 3;

    public Profiler {
        if (rounds < 1) throw new IllegalArgumentException("rounds must be at least 1, got " + rounds);
    }

    public Profile predict(Network network, int... dims) {
        Tensor[] in = made(network.inputs("predict"), dims);
        Tensor[] out = network.predict(in);
        return measure(() -> network.predictInto(in, out), network.steps("predict", dims), hears -> network.listen("predict", hears), network.width());
    }

    public Profile train(Trainer trainer, Width width, int... dims) {
        Tensor[] in = made(trainer.inputs(), dims);
        return measure(() -> trainer.step(in), trainer.work(dims), trainer::listen, width);
    }

    private Profile measure(Runnable call, List<StepWork> steps, Consumer<StepListener> listen, Width width) {
        var loop = new RegisterPeak(width);
        double peak = loop.measure();
        warm(call);
        var clock = new StepClock(steps, rounds);
        double[] calls = new double[rounds];
        for (int r = 0; r < rounds; r++) {
            clock.round(r);
            long start = System.nanoTime();
            call.run();
            calls[r] = System.nanoTime() - start;
            listen.accept(clock);
            call.run();
            listen.accept(null);
            peak = Math.max(peak, loop.measure());
        }
        var boxes = new StepBoxes(steps.size());
        listen.accept(boxes);
        for (int c = 0; c < CALLS_FOR_BOXES; c++) {
            call.run();
            boxes.called();
        }
        listen.accept(null);
        Arrays.sort(calls);
        return Profile.of(steps, clock, boxes, calls[rounds / 2], peak * threads, byStep);
    }

    /// Runs until the JVM has compiled what it wants to: until the best call of a second is hardly better than that of the second before.
    private static void warm(Runnable call) {
        long before = Long.MAX_VALUE;
        for (int second = 0; second < MOST_WARMING; second++) {
            long best = Long.MAX_VALUE;
            for (long end = System.nanoTime() + WARM; System.nanoTime() < end; ) {
                long start = System.nanoTime();
                call.run();
                best = Math.min(best, System.nanoTime() - start);
            }
            if (best > before * STEADY) return;
            before = best;
        }
    }

    /// Numbers between -1 and 1; where whole numbers are wanted, zeros, which are valid as indices and classes alike.
    private static Tensor[] made(Door[] doors, int... dims) {
        var random = new SplittableRandom(1);
        Tensor[] tensors = new Tensor[doors.length];
        for (int i = 0; i < doors.length; i++) {
            int[] shape = doors[i].shape(dims);
            int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
            tensors[i] = switch (doors[i].kind()) {
                case INT -> Tensor.of(new int[size], shape);
                case BOOL -> Tensor.of(new float[size], shape);
                case FLOAT -> {
                    float[] values = new float[size];
                    for (int k = 0; k < size; k++) values[k] = (float) random.nextDouble(-1, 1);
                    yield Tensor.of(values, shape);
                }
            };
        }
        return tensors;
    }
}
