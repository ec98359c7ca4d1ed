package dev.kiln.compiler.schedule;

import dev.kiln.compiler.kernel.TileKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/// Decides which contractions get tiles with the row stride of A in their class. With it as an argument, C2 keeps an address for each row and may run out of registers: a
/// product of 512³ at 256 bit falls from 90 to 40 % of peak where the machine has 16 of them. In return such a class serves no other stride. So only a contraction with
/// at least 3 % of the entry's work gets it, the heaviest first, until the entry has twelve such classes; and only tiles of three rows and more, since lower ones have
/// registers to spare. Rows that are neighbours in A (gradients of weights) do not count: that they are, which C2 then checks once for all of them, serves all such tiles.
final class RowStrides {
    private static final int CLASSES = 12;
    private static final int LOWEST = 3;
    /// The place of `aRow` among the arguments: behind K and five arrays.
    private static final int ARGUMENT = 6;

    private RowStrides() {}

    /// A contraction and the steps that compute it.
    /// @param work multiply-adds, where every symbolic dim is one
    record Layer(long work, List<Step> steps) {}

    /// The same steps; those of heavy layers call tiles with baked strides.
    static List<Step> baked(List<Step> steps, List<Layer> layers) {
        long total = layers.stream().mapToLong(Layer::work).sum();
        Set<TileKey> classes = new HashSet<>();
        Set<Step> heavy = Collections.newSetFromMap(new IdentityHashMap<>());
        for (var layer : layers.stream().sorted(Comparator.comparingLong(Layer::work).reversed()).toList()) {
            if (100 * layer.work() < 3 * total) break;
            Set<TileKey> more = new HashSet<>(classes);
            for (var step : layer.steps()) for (var key : baked(step).keys()) if (key instanceof TileKey tile && tile.aRow().orElse(1) != 1) more.add(tile);
            if (more.size() > CLASSES) continue;
            classes = more;
            heavy.addAll(layer.steps());
        }
        return steps.stream().map(s -> heavy.contains(s) ? baked(s) : s).toList();
    }

    private static Step baked(Step step) {
        return step.with(baked(step.body()));
    }

    private static List<Action> baked(List<Action> body) {
        var result = new ArrayList<Action>();
        for (var action : body)
            result.add(switch (action) {
                case Action.Loop(var variable, var count, var inner) -> new Action.Loop(variable, count, baked(inner));
                case Action.Choose(var value, var cases) -> {
                    var all = new TreeMap<Integer, List<Action>>();
                    cases.forEach((n, actions) -> all.put(n, baked(actions)));
                    yield new Action.Choose(value, all);
                }
                case Action.Kernel(TileKey key, var arguments) -> new Action.Kernel(baked(key, arguments.get(ARGUMENT)), arguments);
                case Action.Kernel _, Action.Let _, Action.Move _ -> action;
            });
        return result;
    }

    private static TileKey baked(TileKey key, Argument aRow) {
        return key.rows() >= LOWEST && aRow instanceof Argument.Int(IndexExpr.Constant(int stride)) ? key.withRowStride(stride) : key;
    }
}
