package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// An entry as the steps that run it. The first `prepare` of them depend on the weights alone.
public record Steps(Entry entry, List<Step> steps, int prepare, int derivedSize) {
    public Steps {
        steps = List.copyOf(steps);
    }

    public Set<KernelKey> keys() {
        return steps.stream().flatMap(s -> s.keys().stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// No step that prepares touches what belongs to one call.
    public void verify() {
        var wrong = new ArrayList<String>();
        for (var step : steps.subList(0, prepare))
            for (Buffer b : step.buffers())
                switch (b.space()) {
                    case WEIGHTS, DERIVED, ARENA -> {}
                    default -> wrong.add(step.name() + " reads " + b);
                }
        if (!wrong.isEmpty()) throw new IllegalStateException("steps that prepare the weights of entry " + entry.name() + " touch a call's buffers: " + wrong);
    }

    public String dump() {
        var text = new StringBuilder("entry ").append(entry.name()).append(", ").append(prepare).append(" steps prepare the weights\n");
        for (int i = 0; i < steps.size(); i++) text.append(i).append(' ').append(steps.get(i).print());
        text.append("kernels\n");
        keys().forEach(k -> text.append("  ").append(k.className()).append("  ").append(k).append('\n'));
        return text.toString();
    }
}
