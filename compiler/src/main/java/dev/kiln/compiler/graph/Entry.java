package dev.kiln.compiler.graph;

import dev.kiln.compiler.graph.Output.Role;
import java.util.List;
import java.util.Optional;

/// One way to run a network: `predict`, `sample`, `train` or `evaluate`. Its inputs are its doors, whether or not anything reads them.
public record Entry(String name, Graph graph, List<Value> inputs, List<Output> outputs) {
    public Entry {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public List<Value> roots() {
        return outputs.stream().map(Output::value).toList();
    }

    public List<Output> outputs(Role role) {
        return outputs.stream().filter(o -> o.role() == role).toList();
    }

    public Optional<Output> output(String name) {
        return outputs.stream().filter(o -> o.name().equals(name) && o.role() != Role.UPDATE).findFirst();
    }

    /// The values this entry computes, operands before users.
    public List<Value> live() {
        return graph.reachable(roots());
    }
}
