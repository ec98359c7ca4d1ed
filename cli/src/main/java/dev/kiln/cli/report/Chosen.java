package dev.kiln.cli.report;

import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.schedule.Action;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Step;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The kernels that a step calls for one binding. Where only the binding knows how high its strips are, the driver holds a call for every height and takes one.
final class Chosen {
    private Chosen() {}

    static Set<KernelKey> keys(Step step, Sizes sizes) {
        Set<KernelKey> keys = new LinkedHashSet<>();
        collect(step.body(), sizes, keys);
        return keys;
    }

    private static void collect(List<Action> body, Sizes sizes, Set<KernelKey> keys) {
        for (Action action : body) {
            switch (action) {
                case Action.Kernel(var key, _) -> keys.add(key);
                case Action.Loop(_, _, var inner) -> collect(inner, sizes, keys);
                case Action.Choose(IndexExpr.Height height, var cases) -> Optional.ofNullable(cases.get((int) sizes.of(height))).ifPresent(chosen -> collect(chosen, sizes, keys));
                case Action.Choose(_, var cases) -> cases.values().forEach(each -> collect(each, sizes, keys));
                case Action.Let _, Action.Move _ -> {}
            }
        }
    }
}
