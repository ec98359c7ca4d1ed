package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Layouts;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the schedulers of the forms share while they turn groups into steps.
final class Scheduling {
    final Layouts layouts;
    private final List<Step> steps = new ArrayList<>();
    private int temporaries;

    Scheduling(Layouts layouts) {
        this.layouts = layouts;
    }

    List<Step> steps() {
        return steps;
    }

    Storage storage(Value v) {
        return layouts.of(v);
    }

    Optional<Origin> origin(Value v) {
        return layouts.groups().entry().graph().origin(v);
    }

    Buffer temporary(String purpose, Dim size) {
        return Buffer.arena(purpose + temporaries++, size);
    }

    void add(Step step) {
        if (!step.tasks().isNumber(0)) steps.add(step);
    }
}
