package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Grouped;
import java.util.List;
import java.util.stream.Collectors;

/// All entries of a program with a place for every value, and the place of every parameter.
public record LaidOut(Program program, WeightsLayout weights, List<Layouts> entries) {
    public static LaidOut of(Grouped grouped) {
        var weights = WeightsLayout.of(grouped.program().parameters(), grouped.parameters());
        return new LaidOut(grouped.program(), weights, grouped.entries().stream().map(g -> Layouts.of(g, weights)).toList());
    }

    /// Parameters do not overlap.
    public void verify() {
        int end = 0;
        for (var storage : weights.storages().values()) {
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
