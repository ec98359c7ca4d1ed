package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Lists of numbers as tensors: `[[1, 0], [0, 1]]` is `f32[2, 2]`.
final class Literals {
    private Literals() {}

    static Optional<Value> tensor(Item.Many list, Tensors tensors) {
        var data = new ArrayList<Double>();
        var shape = shape(list);
        if (shape.isEmpty() || !fill(list, shape.get(), 0, data)) return Optional.empty();
        return Optional.of(tensors.add(new Const(new TensorType(DType.f32, shape.get().stream().map(Dim::of).toList()), data)));
    }

    /// Along the first elements.
    private static Optional<List<Integer>> shape(Item item) {
        if (!(item instanceof Item.Many(List<Item> items))) return Optional.of(List.of());
        if (items.isEmpty()) return Optional.empty();
        return shape(items.getFirst()).map(inner -> {
            var shape = new ArrayList<Integer>();
            shape.add(items.size());
            shape.addAll(inner);
            return shape;
        });
    }

    private static boolean fill(Item item, List<Integer> shape, int depth, List<Double> data) {
        if (depth == shape.size()) {
            OptionalDouble number = Numbers.value(item);
            number.ifPresent(data::add);
            return number.isPresent();
        }
        if (!(item instanceof Item.Many(List<Item> items)) || items.size() != shape.get(depth)) return false;
        return items.stream().allMatch(i -> fill(i, shape, depth + 1, data));
    }
}
