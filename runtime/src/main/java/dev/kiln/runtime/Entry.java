package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// One entry of a network at work: checks what comes in, finds its binding and a context, and runs the steps. For any number of threads at once.
final class Entry {
    /// The input of counted entries that callers do not pass.
    private static final String STEP = "step";
    /// Floats of the weights that are worth a copy of the rest.
    private static final int LEAST_SHED = 1 << 18;
    /// The first strip of a band and one that goes on with it.
    private static final int REHEARSED_STRIPS = 2;

    private final String network;
    private final EntryCode code;
    private final Door[] inputs;
    private final Door[] outputs;
    private final int stepDoor;
    private final Door[] callerInputs;
    private volatile Weights weights;
    private final Team team;
    private final Bindings bindings;
    private final float[] derived;
    private final Contexts contexts;
    /// At which width each step runs. Kernels of all widths give equal bits, so steps go over one by one, also between two calls.
    private volatile Width[] widths;
    private volatile long derivedVersion = -1;
    private final CountDownLatch served = new CountDownLatch(1);
    private volatile boolean closed;
    private volatile StepListener listener;
    /// Steps whose kernels still made boxes when the warm-up ended.
    private volatile List<Integer> cold = List.of();
    private CompletableFuture<Width> ready = CompletableFuture.completedFuture(Width.W1);

    Entry(String network, EntryCode code, Weights weights, Team team) {
        this.network = network;
        this.code = code;
        this.weights = weights;
        this.team = team;
        inputs = code.inputs();
        outputs = code.outputs();
        stepDoor = EntryCode.COUNTED.contains(code.name()) ? find(STEP, inputs) : -1;
        callerInputs = Arrays.stream(inputs).filter(door -> stepDoor < 0 || door != inputs[stepDoor]).toArray(Door[]::new);
        bindings = new Bindings(code, team.size());
        derived = emptyDerived();
        widths = all(Width.W1);
        contexts = new Contexts(() -> new Context(code, team.size(), this.weights.values, derived));
    }

    Door[] inputs() {
        return inputs.clone();
    }

    private static int find(String name, Door... doors) {
        for (int i = 0; i < doors.length; i++) {
            if (doors[i].name().equals(name)) return i;
        }
        return -1;
    }

    /// The inputs without the number of the step.
    Door[] callerInputs() {
        return callerInputs.clone();
    }

    /// A bare array for one of the caller's inputs.
    /// @throws ShapeException when its length does not fit
    Tensor wrap(int input, float[] values) {
        return Tensor.of(values, BareArray.shape(subject(), callerInputs[input], code.dims(), values.length));
    }

    /// A bare array of ints for one of the caller's inputs.
    /// @throws ShapeException when its length does not fit
    Tensor wrap(int input, int[] values) {
        return Tensor.of(values, BareArray.shape(subject(), callerInputs[input], code.dims(), values.length));
    }

    /// A batch that is learned from or scored, with the number of the step among its tensors, where this entry takes it.
    /// @throws ShapeException when it has no rows: a mean over them is no number
    Tensor[] batch(int step, Tensor... in) {
        for (int i = 0; i < in.length && i < callerInputs.length; i++)
            if (in[i].size() == 0) throw new ShapeException(subject() + " needs at least one row, but input '" + callerInputs[i].name() + "' is " + in[i]);
        if (stepDoor < 0 || in.length != inputs.length - 1) return in;
        Tensor[] all = Arrays.copyOf(in, inputs.length);
        System.arraycopy(in, stepDoor, all, stepDoor + 1, in.length - stepDoor);
        all[stepDoor] = inputs[stepDoor].kind() == Door.Kind.INT ? Tensor.of(new int[] {step}) : Tensor.of(new float[] {step});
        return all;
    }

    Door[] outputs() {
        return outputs.clone();
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

    /// From the next call on these steps run at this width. To be called by one thread.
    void width(Width w, int... steps) {
        Width[] now = widths.clone();
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
            ColdEvent.commit(subject(), steps);
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
            Binding binding = bind(context, in);
            Tensor[] out = zeros(outputs, binding);
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
            Binding binding = bind(context, in);
            if (out.length != outputs.length) throw new ShapeException(subject() + " gives " + outputs.length + " outputs, got room for " + out.length);
            for (int i = 0; i < out.length; i++) fits(binding, outputs[i], out[i]);
            if (!overlap(in, out)) {
                run(context, binding, seed, step, in, out);
                return;
            }
            Tensor[] apart = zeros(outputs, binding);
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

    static Tensor[] zeros(Door[] doors, Binding binding) {
        var tensors = new Tensor[doors.length];
        for (int i = 0; i < doors.length; i++) tensors[i] = Tensor.zeros(doors[i].kind(), doors[i].shape(binding.b));
        return tensors;
    }

    private void run(Context context, Binding binding, long seed, int step, Tensor[] in, Tensor[] out) {
        boolean together = binding.shared && team.tryAcquire(binding.small);
        try {
            context.open(binding, seed, step, in, out);
            Width[] w = widths;
            if (!isPrepared()) prepare(context, binding, w);
            steps(context, binding, w, chains(context, binding, w, together), code.steps(), together);
        } finally {
            if (together) team.release();
            else if (binding.shared) team.passed();
            context.close();
            served.countDown();
        }
    }

    /// The steps up to the last chain.
    /// @return the step after it
    private int chains(Context context, Binding binding, Width[] w, boolean together) {
        int next = code.prepareSteps();
        Chains chains = binding.chains;
        for (int c = 0; chains != null && c < chains.count(); c++) {
            steps(context, binding, w, next, chains.first(c), together);
            for (int row = 0; row < chains.total(); row += chains.size(row)) {
                context.enter(binding, row);
                steps(context, chains.at(row), w, chains.first(c), chains.end(c), together);
                context.leave(binding, row);
            }
            next = chains.end(c);
        }
        return next;
    }

    private synchronized void prepare(Context context, Binding binding, Width[] w) {
        long version = weights.version();
        if (derivedVersion == version) return;
        steps(context, binding, w, 0, code.prepareSteps(), false);
        derivedVersion = version;
    }

    private void steps(Context context, Binding binding, Width[] w, int from, int to, boolean together) {
        steps(context, binding, w, from, to, 0, together);
    }

    /// Steps `from..to`, which stand inside `depth` loops.
    private void steps(Context context, Binding binding, Width[] w, int from, int to, int depth, boolean together) {
        int next = from;
        for (Loop loop : binding.loops) {
            if (!loop.standsIn(from, to, depth)) continue;
            inOrder(context, binding, w, next, loop.first(), depth, together);
            boolean over = false;
            int i = 0;
            for (; i < loop.count() && !over; i++) {
                context.loop[depth] = i;
                strips(context, binding, w, loop, i, together);
                steps(context, binding, w, loop.first(), loop.end(), depth + 1, together);
                over = loop.isOver(context.first().arena);
            }
            context.loop[depth] = i;
            next = loop.end();
        }
        inOrder(context, binding, w, next, to, depth, together);
    }

    /// What is made in strips for this iteration and the ones behind it.
    private void strips(Context context, Binding binding, Width[] w, Loop loop, int iteration, boolean together) {
        for (int i = 0; i < loop.strips().size(); i++) {
            Strip strip = loop.strips().get(i);
            if (iteration % strip.every() == 0) run(context, binding, w, strip.step(), iteration / strip.every() * strip.tasks(), strip.tasks(), false, together);
        }
    }

    /// A loop reads the same weights in each iteration, perhaps more than a cache holds. So every other one runs its tasks from last to first, and begins with what the one
    /// before has left there.
    private void inOrder(Context context, Binding binding, Width[] w, int from, int to, int depth, boolean together) {
        boolean backwards = depth > 0 && context.loop[depth - 1] % 2 == 1;
        for (int s = from; s < to; s++) if (!binding.inStrips[s]) run(context, binding, w, s, 0, binding.tasks[s], backwards, together);
    }

    /// So many tasks of a step, the first of which is number `first`. One without tasks is run all the same: around an image of no rows there may be zeros.
    private void run(Context context, Binding binding, Width[] w, int step, int first, int tasks, boolean backwards, boolean together) {
        StepListener hears = listener;
        if (hears != null) hears.begins(step);
        if (together && binding.parts[step] > 1) team.run(code, w[step], step, first, tasks, binding.parts[step], context.frames());
        else if (backwards && tasks > 0) for (int task = first + tasks; task-- > first; ) code.run(w[step], step, context.first(), task, task + 1);
        else code.run(w[step], step, context.first(), first, first + Math.max(0, tasks));
        if (hears != null) hears.ended(step);
    }

    /// Tells of every step of the calls that begin from now on; null tells nobody.
    void listener(StepListener hears) {
        listener = hears;
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

    /// Runs everything from a step on once, alone, on a context that belongs to no call, as the warm-up does.
    /// @param w the width of each step
    void rehearse(Context context, Binding binding, Width[] w, int from, Tensor[] in, Tensor[] out) {
        context.open(binding, 0, 1, in, out);
        context.first().strips = Integer.MAX_VALUE;
        steps(context, binding, w, from, code.steps(), false);
    }

    /// As [#rehearse], but of some steps only the first and the last task: no kernel is called by others alone.
    void rehearsePart(Context context, Binding binding, Width w, Tensor[] in, Tensor[] out, int... steps) {
        context.open(binding, 0, 1, in, out);
        context.first().strips = REHEARSED_STRIPS;
        Arrays.fill(context.loop, 0);
        for (int s : steps) {
            int tasks = binding.tasks[s];
            if (tasks > 0) code.run(w, s, context.first(), 0, 1);
            if (tasks > 1) code.run(w, s, context.first(), tasks - 1, tasks);
        }
    }

    /// After this no warm-up goes on.
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /// Reads the dims from the inputs and holds every input against its door.
    private Binding bind(Context context, Tensor... in) {
        if (in.length != inputs.length) throw new ShapeException(subject() + " takes " + signature() + "; got " + in.length + " inputs");
        int[] dims = context.dims;
        Arrays.fill(dims, -1);
        boolean computed = false;
        for (int i = 0; i < in.length; i++) {
            Door door = inputs[i];
            Tensor tensor = in[i];
            if (tensor.rank() != door.rank() || tensor.isInt() != (door.kind() == Door.Kind.INT)) throw new ShapeException(wrong(door, tensor));
            for (int axis = 0; axis < door.rank(); axis++) {
                int extent = tensor.extent(axis);
                int dim = -door.axis(axis) - 1;
                if (dim < 0) {
                    if (extent != door.axis(axis)) throw new ShapeException(wrong(door, tensor) + ": axis " + axis + " is " + extent + " instead of " + door.axis(axis));
                } else if (dim >= dims.length) {
                    computed = true;
                } else if (dims[dim] < 0) {
                    dims[dim] = extent;
                    context.origins[dim] = i;
                } else if (dims[dim] != extent) {
                    throw new ShapeException(wrong(door, tensor) + ": axis " + axis + " is " + extent + ", but " + code.dims()[dim] + " = " + dims[dim] + " from input '" + inputs[context.origins[dim]].name() + "'");
                }
            }
        }
        Binding binding = bindings.get(dims);
        if (computed) fits(binding, in);
        return binding;
    }

    /// Extents that follow from the dims, `N + 1`, are known once the dims are.
    private void fits(Binding binding, Tensor... in) {
        for (int i = 0; i < in.length; i++)
            for (int axis = 0; axis < inputs[i].rank(); axis++)
                if (in[i].extent(axis) != inputs[i].extent(axis, binding.b))
                    throw new ShapeException(wrong(inputs[i], in[i]) + ": axis " + axis + " is " + in[i].extent(axis) + " instead of " + inputs[i].extent(axis, binding.b));
    }

    private void fits(Binding binding, Door door, Tensor tensor) {
        boolean same = tensor.rank() == door.rank() && tensor.isInt() == (door.kind() == Door.Kind.INT);
        for (int axis = 0; same && axis < door.rank(); axis++) same = tensor.extent(axis) == door.extent(axis, binding.b);
        if (!same) throw new ShapeException(subject() + ": output '" + door.name() + "' needs shape " + Shapes.print(door.shape(binding.b)) + ", got room for " + tensor);
    }

    private String subject() {
        return network + "." + code.name();
    }

    private String wrong(Door door, Tensor tensor) {
        return subject() + ": input " + door.print(code.dims()) + " got " + tensor;
    }

    /// `image f32[N, 64], label i32[N]`.
    private String signature() {
        var text = new StringBuilder();
        for (Door door : callerInputs) text.append(text.isEmpty() ? "" : ", ").append(door.print(code.dims()));
        return text.toString();
    }
}
