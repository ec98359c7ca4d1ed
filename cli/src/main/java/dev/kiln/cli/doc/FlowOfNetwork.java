package dev.kiln.cli.doc;

import dev.kiln.cli.summary.Layer;
import dev.kiln.cli.summary.Summary;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a checked network computes when it predicts: a box for each of the layers that `kiln summary` tells of, with the shape of what it makes.
final class FlowOfNetwork {
    private FlowOfNetwork() {}

    static Flow of(Program program) {
        Flow flow = new Flow();
        Map<Value, Integer> home = new HashMap<>();
        // a number that two layers need is one value: no arrow leads from one of them to the other
        Set<Value> flows = new HashSet<>();
        for (Layer part : Summary.layers(program, Map.of())) {
            Set<Integer> from = new LinkedHashSet<>();
            for (Value value : part.values()) {
                for (Value operand : value.op().operands()) if (home.containsKey(operand) && flows.contains(operand)) from.add(home.get(operand));
                if (value.op() instanceof Input || value.op().operands().stream().anyMatch(o -> flows.contains(o) || o.op() instanceof Param)) flows.add(value);
            }
            boolean input = part.name().startsWith("input ");
            int box = flow.add(input ? Flow.Kind.INPUT : Flow.Kind.STEP, input ? part.name().substring("input ".length()) : part.name(), part.output().toString(), "", from);
            part.values().forEach(value -> home.put(value, box));
        }
        for (Output output : program.entry("predict").orElseThrow().outputs()) {
            if (output.role() != Output.Role.USER) continue;
            flow.add(Flow.Kind.RESULT, output.name(), output.value().type().toString(), "", List.of(home.getOrDefault(output.value(), -1)).stream().filter(b -> b >= 0).toList());
        }
        return flow;
    }
}
