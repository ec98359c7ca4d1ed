package dev.kiln.compiler.study;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// A training graph whose steps are `pace` times as long: `w' = w + pace · (update(w) - w)`. The scalar `pace` is its last input.
/// For an optimizer whose step is proportional to its rate, as nearly all are, that is the rate times `pace`.
public final class Pace {
    public static final String INPUT = "pace";

    private Pace() {}

    /// The same network with paced steps.
    /// @param program checked, with an entry `train`
    public static Program of(Program program) {
        return program.map(entry -> entry.name().equals("train") ? of(entry, program) : entry);
    }

    private static Entry of(Entry train, Program program) {
        var g = train.graph();
        var pace = g.add(new Input(INPUT, TensorType.f32()));
        var inputs = new ArrayList<>(train.inputs());
        inputs.add(pace);
        var outputs = train.outputs().stream().map(o -> moves(o, program) ? o.with(paced(train, o, pace)) : o).toList();
        return new Entry(train.name(), g, List.copyOf(inputs), outputs);
    }

    private static boolean moves(Output output, Program program) {
        return output.role() == Role.UPDATE && program.parameters().find(output.name()).filter(p -> p.role() == Parameter.Role.WEIGHT).isPresent();
    }

    private static Value paced(Entry train, Output output, Value pace) {
        var g = train.graph();
        var now = g.add(new Param(output.name(), output.value().type()));
        return Ops.add(g, now, Ops.mul(g, Ops.fill(g, pace, now.type().shape()), Ops.sub(g, output.value(), now)));
    }
}
