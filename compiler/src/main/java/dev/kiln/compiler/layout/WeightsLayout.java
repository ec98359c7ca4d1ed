package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.group.Order;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.compiler.type.Dim;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Where each parameter lies in the weights: one place, shared by all entries.
public record WeightsLayout(Map<String, Storage> storages, int size) {
    private static final int FIRST = 12;

    /// Places all parameters.
    /// @param orders how the entries want their parameters; all others lie row-major
    /// @param called those that calls of a network that predicts read: they lie first, so that it may let go of the rest when that has been prepared
    public static WeightsLayout of(Parameters parameters, Map<String, Order> orders, Set<String> called) {
        var storages = new LinkedHashMap<String, Storage>();
        // What only training needs stands behind the rest, so that a network that predicts can leave it out.
        var sorted = parameters.all().stream().sorted(Comparator.comparing(p -> p.role() == Parameter.Role.OPTIMIZER_STATE)).toList();
        sorted.forEach(p -> storages.put(p.name(), null));
        int next = FIRST;
        for (var p : sorted.stream().sorted(Comparator.comparing(p -> !called.contains(p.name()))).toList()) {
            var shape = p.type().shape();
            var order = orders.getOrDefault(p.name(), Order.logical(shape.size()));
            int place = next;
            Function<Dim, Buffer> buffer = size -> new Buffer(p.name(), Space.WEIGHTS, size, place);
            storages.put(p.name(), order.panelled() ? Storages.panelled(shape, order, buffer) : Storages.plain(shape, order, Storages.none(shape.size()), false, buffer));
            next += ParameterSpec.storedSize(numbers(shape), order.axes(), order.panelled() ? Storage.PANEL : 0);
        }
        return new WeightsLayout(storages, next + Storage.PANEL);
    }

    public static List<Integer> numbers(List<Dim> shape) {
        return shape.stream().map(Dim::toInt).toList();
    }

    public Storage of(String parameter) {
        return storages.get(parameter);
    }
}
