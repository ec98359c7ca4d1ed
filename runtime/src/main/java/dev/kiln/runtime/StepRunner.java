package dev.kiln.runtime;

import java.util.Arrays;

/// Runs the steps of one entry in their order: chains block by block, loops, strips of time inside of loops, tasks on one thread or on the team.
final class StepRunner {
    /// The first strip of lines and one that goes on with it.
    private static final int TRIED_TURNS = 2;

    private final EntryCode code;
    private final Team team;
    private volatile StepListener listener;

    StepRunner(EntryCode code, Team team) {
        this.code = code;
        this.team = team;
    }

    /// Tells of every step of the calls that begin from now on; null tells nobody.
    void listener(StepListener hears) {
        listener = hears;
    }

    /// What a call runs: every step but those that prepare.
    void call(Context context, Binding binding, Width[] w, boolean together) {
        run(context, binding, w, chains(context, binding, w, together), code.steps(), together);
    }

    /// The steps up to the last chain.
    /// @return the step after it
    private int chains(Context context, Binding binding, Width[] w, boolean together) {
        int next = code.prepareSteps();
        Chains chains = binding.chains;
        for (int c = 0; chains != null && c < chains.count(); c++) {
            run(context, binding, w, next, chains.first(c), together);
            for (int row = 0; row < chains.total(); row += chains.size(row)) {
                context.enter(binding, row);
                run(context, chains.at(row), w, chains.first(c), chains.end(c), together);
                context.leave(binding, row);
            }
            next = chains.end(c);
        }
        return next;
    }

    /// Steps `from..to`, chains aside.
    /// @param w        the width of each step
    /// @param together on the whole team, which the caller holds
    void run(Context context, Binding binding, Width[] w, int from, int to, boolean together) {
        run(context, binding, w, from, to, 0, together);
    }

    /// Steps `from..to`, which stand inside `depth` loops.
    private void run(Context context, Binding binding, Width[] w, int from, int to, int depth, boolean together) {
        int next = from;
        for (Loop loop : binding.loops) {
            if (!loop.standsIn(from, to, depth)) continue;
            inOrder(context, binding, w, next, loop.first(), depth, together);
            boolean over = false;
            int i = 0;
            for (; i < loop.count() && !over; i++) {
                context.loop[depth] = i;
                strips(context, binding, w, loop, i, together);
                run(context, binding, w, loop.first(), loop.end(), depth + 1, together);
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
            if (iteration % strip.every() == 0) step(context, binding, w, strip.step(), iteration / strip.every() * strip.tasks(), strip.tasks(), false, together);
        }
    }

    /// A loop reads the same weights in each iteration, perhaps more than a cache holds. So every other one runs its tasks from last to first, and begins with what the one
    /// before has left there.
    private void inOrder(Context context, Binding binding, Width[] w, int from, int to, int depth, boolean together) {
        boolean backwards = depth > 0 && context.loop[depth - 1] % 2 == 1;
        for (int s = from; s < to; s++) if (!binding.inStrips[s]) step(context, binding, w, s, 0, binding.tasks[s], backwards, together);
    }

    /// So many tasks of a step, the first of which is number `first`. One without tasks is run all the same: around an image of no rows there may be zeros.
    private void step(Context context, Binding binding, Width[] w, int step, int first, int tasks, boolean backwards, boolean together) {
        StepListener hears = listener;
        if (hears != null) hears.begins(step);
        if (together && binding.parts[step] > 1) team.run(code, w[step], step, first, tasks, binding.parts[step], context.frames());
        else if (backwards && tasks > 0) for (int task = first + tasks; task-- > first; ) code.run(w[step], step, context.first(), task, task + 1);
        else code.run(w[step], step, context.first(), first, first + Math.max(0, tasks));
        if (hears != null) hears.ended(step);
    }

    /// Runs everything from a step on once, alone, on a context that belongs to no call, as the warm-up does.
    /// @param w the width of each step
    void tryAll(Context context, Binding binding, Width[] w, int from, Tensor[] in, Tensor[] out) {
        context.open(binding, 0, 1, in, out);
        context.first().turns = Integer.MAX_VALUE;
        run(context, binding, w, from, code.steps(), false);
    }

    /// As [#tryAll], but of some steps only the first and the last task: no kernel is called by others alone.
    void tryPart(Context context, Binding binding, Width w, Tensor[] in, Tensor[] out, int... steps) {
        context.open(binding, 0, 1, in, out);
        context.first().turns = TRIED_TURNS;
        Arrays.fill(context.loop, 0);
        for (int s : steps) {
            int tasks = binding.tasks[s];
            if (tasks > 0) code.run(w, s, context.first(), 0, 1);
            if (tasks > 1) code.run(w, s, context.first(), tasks - 1, tasks);
        }
    }
}
