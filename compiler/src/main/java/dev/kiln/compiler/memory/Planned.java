package dev.kiln.compiler.memory;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.layout.WeightsLayout;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.schedule.Scheduled;
import dev.kiln.compiler.schedule.Steps;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.stream.Collectors;

/// All entries of a program with the lives of their buffers.
public record Planned(Program program, WeightsLayout weights, List<Plan> entries) {
    public static Planned of(Scheduled scheduled) {
        return new Planned(scheduled.program(), scheduled.weights(), scheduled.entries().stream().map(s -> Plan.of(s, dims(s))).toList());
    }

    /// The dims an entry learns from its own inputs, in their order.
    private static List<String> dims(Steps steps) {
        var dims = new LinkedHashSet<String>();
        for (var input : steps.entry().inputs()) dims.addAll(((Input) input.op()).dims());
        return List.copyOf(dims);
    }

    public void verify() {
        entries.forEach(Plan::verify);
    }

    public String dump() {
        return entries.stream().map(Plan::dump).collect(Collectors.joining("\n"));
    }
}
