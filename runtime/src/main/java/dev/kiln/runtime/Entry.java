package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One entry of a network at work: finds the binding and a context of a call, prepares what depends on the weights alone, and says at which width steps run. For any number of threads at once.
final class Entry {
    /// Floats of the weights that are worth a copy of the rest.
    private static final int LEAST_SHED = 1 << 18;

    /// As messages name it.
    private final String subject;
    private final EntryCode code;
    private final Doors doors;
    private final StepRunner runner;
    private volatile Weights weights;
    private final Team team;
    private final Bindings bindings;
    private final float[] derived;
    private final Contexts contexts;
    /// At which width each step runs. Kernels of all widths give equal bits, so steps go over one by one, also between two calls and within one.
    private volatile Width[] widths;
    private volatile long derivedVersion = -1;
    private final CountDownLatch served = new CountDownLatch(1);
    private volatile boolean closed;
    /// Steps whose kernels still made boxes when the warm-up ended.
    private volatile List<Integer> cold = List.of();
    private CompletableFuture<Width> ready = CompletableFuture.completedFuture(Width.W1);

    Entry(String network, EntryCode code, Weights weights, Team team) {
        subject = network + "." + code.name();
        this.code = code;
        this.weights = weights;
        this.team = team;
        doors = new Doors(subject, code);
        runner = new StepRunner(code, team);
        bindings = new Bindings(code, team.size());
        derived = emptyDerived();
        widths = all(Width.W1);
        contexts = new Contexts(() -> new Context(code, team.size(), this.weights.values, derived));
    }

    Doors doors() {
        return doors;
    }

    StepRunner runner() {
        return runner;
    }

    EntryCode code() {
        return code;
    }

    Weights weights() {
        return weights;
    }

    /// The width at which every step runs, scalar as long as one is.
    Width width() {
        return Collections.min(Arrays.asList(widths), Comparator.comparingInt(Width::lanes));
    }

    /// From the next call on all steps run at this width.
    void width(Width w) {
        widths = all(w);
    }

    /// From the next call on these steps run at this width, perhaps already in a call that is under way.
    void width(Width w, int... steps) {
        Width[] now = widths;
        for (int s : steps) now[s] = w;
        widths = now;
    }

    /// The same width for each step.
    Width[] all(Width w) {
        var all = new Width[code.steps()];
        Arrays.fill(all, w);
        return all;
    }

    /// What its prepared steps compute from the weights alone.
    float[] derived() {
        return derived;
    }

    /// Room for as much, all zero.
    float[] emptyDerived() {
        return new float[Math.addExact(code.derivedSize(), Weights.SLACK)];
    }

    /// Whether what depends on the weights alone is computed for the weights as they are.
    boolean isPrepared() {
        return derivedVersion == weights.version();
    }

    /// Tells of steps whose kernels still make boxes at the end of the warm-up: the JVM's compiler is behind, or has given them up.
    void cold(List<Integer> steps) {
        cold = List.copyOf(steps);
        if (steps.isEmpty()) return;
        try {
            ColdEvent.commit(subject, steps);
        } catch (LinkageError _) {
            // an image of the JDK without the recorder: nobody can record it
        }
    }

    /// The steps that the warm-up left cold.
    List<Integer> cold() {
        return cold;
    }

    /// Begins on scalar kernels and goes over to those that the options ask for. Before the first call.
    void warm(Options options, Weights.Change change) {
        ready = Warmer.start(this, options, change);
    }

    /// Does at loading what the first call would have to do: computes what depends on the weights alone, and binds dims of one. An entry that refuses dims of one waits
    /// for its first call.
    void prepare() {
        Context context = contexts.take();
        try {
            int[] ones = new int[code.dims().length];
            Arrays.fill(ones, 1);
            Binding binding = bindings.get(ones);
            context.open(binding, 0, 0, new Tensor[0], new Tensor[0]);
            prepare(context, binding, widths);
        } catch (ShapeException _) {
            // one of each is not a size this network works on
        } finally {
            contexts.give(context);
        }
    }

    /// Lets go of the weights that no call reads because what is made of them is prepared: for weights that never change, before the first call.
    /// @return whether it did: not where that would be little, or nothing could be prepared yet
    boolean shed() {
        if (!isPrepared() || weights.values.length - LEAST_SHED < code.weightsRead()) return false;
        weights = weights.first(code.weightsRead());
        contexts.clear();
        return true;
    }

    /// Waits until a call has ended, but no longer than this.
    /// @return whether one has ended
    boolean awaitCall(long milliseconds) throws InterruptedException {
        return served.await(milliseconds, TimeUnit.MILLISECONDS);
    }

    /// Done when the entry runs at its width.
    CompletableFuture<Width> ready() {
        return ready;
    }

    /// Runs with outputs in new arrays.
    Tensor[] run(long seed, int step, Tensor... in) {
        Context context = contexts.take();
        try {
            Binding binding = doors.bind(bindings, context, in);
            Tensor[] out = doors.results(binding);
            run(context, binding, seed, step, in, out);
            return out;
        } finally {
            contexts.give(context);
        }
    }

    /// Runs into the caller's outputs; needs no memory once the dims are known, unless an output lies in the array of an input: steps write outputs while inputs are still read.
    void runInto(long seed, int step, Tensor[] in, Tensor[] out) {
        Context context = contexts.take();
        try {
            Binding binding = doors.bind(bindings, context, in);
            doors.checkOutputs(binding, out);
            if (!overlap(in, out)) {
                run(context, binding, seed, step, in, out);
                return;
            }
            Tensor[] apart = doors.results(binding);
            run(context, binding, seed, step, in, apart);
            for (int i = 0; i < out.length; i++) out[i].take(apart[i]);
        } finally {
            contexts.give(context);
        }
    }

    private static boolean overlap(Tensor[] in, Tensor[] out) {
        for (Tensor to : out) {
            for (Tensor from : in) if (to.sharesArray(from)) return true;
        }
        return false;
    }

    private void run(Context context, Binding binding, long seed, int step, Tensor[] in, Tensor[] out) {
        boolean together = binding.shared && team.tryAcquire(binding.small);
        try {
            context.open(binding, seed, step, in, out);
            Width[] w = widths;
            if (!isPrepared()) prepare(context, binding, w);
            runner.call(context, binding, w, together);
        } finally {
            if (together) team.release();
            else if (binding.shared) team.passed();
            context.close();
            served.countDown();
        }
    }

    private synchronized void prepare(Context context, Binding binding, Width[] w) {
        long version = weights.version();
        if (derivedVersion == version) return;
        runner.run(context, binding, w, 0, code.prepareSteps(), false);
        derivedVersion = version;
    }

    /// The steps for these dims.
    /// @throws ShapeException when the network does not work on them
    List<StepWork> steps(List<StepFacts> facts, int... dims) {
        Binding binding = bindings.get(dims);
        List<StepWork> steps = new ArrayList<>();
        for (int s = 0; s < facts.size(); s++) {
            steps.add(facts.get(s).bound(binding.b, Math.toIntExact(Loop.runs(s, binding.loops))));
        }
        return steps;
    }

    /// After this no warm-up goes on.
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }
}
