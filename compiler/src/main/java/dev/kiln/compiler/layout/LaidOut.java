package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Grouped;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.op.Param;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// All entries of a program with a place for every value, and the place of every parameter.
public record LaidOut(Program program, WeightsLayout weights, List<Layouts> entries) {
    public static LaidOut of(Grouped grouped) {
        var weights = WeightsLayout.of(grouped.program().parameters(), grouped.parameters(), called(grouped));
        return new LaidOut(grouped.program(), weights, grouped.entries().stream().map(g -> Layouts.of(g, weights)).toList());
    }

    /// The parameters that something else of `predict` reads than what depends on the weights alone.
    private static Set<String> called(Grouped grouped) {
        return grouped.entries().stream().filter(g -> g.entry().name().equals("predict"))
                .flatMap(g -> g.groups().stream().filter(group -> !g.prepared().contains(group.members().getFirst())))
                .flatMap(group -> group.members().stream())
                .flatMap(member -> member.op().operands().stream())
                .flatMap(operand -> View.of(operand).base().op() instanceof Param p ? Stream.of(p.name()) : Stream.empty())
                .collect(Collectors.toSet());
    }

    /// Parameters do not overlap.
    public void verify() {
        int end = 0;
        for (var storage : weights.storages().values().stream().sorted(Comparator.comparingInt(s -> s.buffer().place())).toList()) {
            if (storage.buffer().place() < end) throw new IllegalStateException("parameter " + storage.buffer().name() + " overlaps its neighbour");
            end = storage.buffer().place() + storage.buffer().size().toInt();
        }
    }

    public String dump() {
        var text = new StringBuilder("weights\n");
        weights.storages().forEach((name, storage) -> text.append("  ").append(name).append(" at ").append(storage.buffer().place()).append(' ').append(storage).append('\n'));
        return text + entries.stream().map(Layouts::dump).collect(Collectors.joining("\n"));
    }
}
