package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Port;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// An entry as groups in the order they run, with the order of axes of every value that lies in memory.
/// @param prepared values that depend on the weights alone; an entry that trains has none
/// @param boundaries what one group makes and another reads, with the rule that keeps the two apart
/// @param chains   runs of groups that take a few rows at a time
public record Groups(Entry entry, List<Group> groups, Map<Value, Order> orders, Set<Value> prepared, List<Boundary> boundaries, List<Chain> chains) {
    public Groups {
        groups = List.copyOf(groups);
        boundaries = List.copyOf(boundaries);
        chains = List.copyOf(chains);
    }

    /// Before any group reads a value, a group has written it; no value is written twice.
    public void verify() {
        var written = new java.util.HashSet<Value>();
        for (var group : groups) {
            if (group instanceof Group.Looped l) l.body().verify();
            for (var v : group.writes()) if (!written.add(v)) throw new IllegalStateException("value %s of entry %s is written twice".formatted(v, entry.name()));
        }
        for (var output : entry.outputs()) {
            var base = View.of(output.value()).base();
            if (!Sources.inMemory(base) && !written.contains(base)) throw new IllegalStateException("output '%s' of entry %s is never written".formatted(output.name(), entry.name()));
        }
    }

    private String title() {
        var ports = entry.inputs().stream().filter(v -> v.op() instanceof Port).map(v -> v + ":" + v.type()).toList();
        return ports.isEmpty() ? "entry " + entry.name() : entry.name() + " over " + ports;
    }

    public String dump() {
        var text = new StringBuilder(title()).append('\n');
        for (int i = 0; i < groups.size(); i++) {
            var group = groups.get(i);
            int at = i;
            chains.stream().filter(c -> c.first() == at).forEach(c -> text.append("  chain of ").append(c.end() - c.first()).append(" groups\n"));
            var form = group.getClass().getSimpleName().toLowerCase(Locale.ROOT);
            text.append("  ").append(form);
            if (group instanceof Group.Tiled t)
                text.append(t.bias().map(b -> " bias " + b).orElse("")).append(t.residual().map(r -> " residual " + r).orElse("")).append(" act ").append(t.act());
            if (group instanceof Group.Transformed t)
                text.append(t.bias().map(b -> " bias " + b).orElse("")).append(t.residual().map(r -> " residual " + r).orElse("")).append(" act ").append(t.act());
            if (group instanceof Group.Rows r) text.append(" ").append(r.space()).append(" order ").append(r.order()).append(r.reduction() == Group.Rows.Reduction.NONE ? "" : " reduces " + r.reduction().name().toLowerCase(Locale.ROOT));
            text.append(" -> ").append(group.writes().stream().map(v -> v + ":" + v.type() + " " + orders.get(v)).collect(Collectors.joining(", "))).append('\n');
            for (var v : group.members()) text.append("      ").append(v).append(" = ").append(v.op().spec().name()).append(v.op().operands()).append(entry.graph().origin(v).map(o -> "   // " + o).orElse("")).append('\n');
            if (group instanceof Group.Looped l) text.append(l.body().dump().indent(6));
        }
        return text.toString();
    }
}
