package dev.kiln.compiler.graph;

import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Verifies what every stage up to `normalise` promises. A broken promise is a bug of the compiler, not of the user.
public final class GraphCheck {
    private GraphCheck() {}

    public static Program verify(Program program) {
        for (var entry : program.entries()) {
            verify(entry);
            for (var o : entry.outputs(Role.UPDATE)) {
                var parameter = program.parameters().find(o.name());
                require(parameter.isPresent(), "entry '%s' updates '%s', which is no parameter", entry.name(), o.name());
                require(parameter.orElseThrow().type().equals(o.value().type()), "entry '%s' updates '%s' of type %s by %s",
                        entry.name(), o.name(), parameter.orElseThrow().type(), o.value().type());
            }
        }
        return program;
    }

    public static Entry verify(Entry entry) {
        var names = new HashSet<String>();
        for (var o : entry.outputs()) {
            require(entry.graph().owns(o.value()), "output '%s' of entry '%s' belongs to another graph", o.name(), entry.name());
            require(names.add((o.role() == Role.UPDATE ? "update " : "") + o.name()), "entry '%s' has two outputs '%s'", entry.name(), o.name());
            if (o.role() == Role.LOSS)
                require(o.value().type().dtype() == DType.f32 && o.value().type().shape().isEmpty(), "the loss '%s' is %s, not f32", o.name(), o.value().type());
        }
        require(entry.outputs(Role.LOSS).size() <= 1, "entry '%s' has %d losses", entry.name(), entry.outputs(Role.LOSS).size());
        Set<String> dims = new HashSet<>();
        for (var door : entry.inputs()) {
            require(entry.graph().owns(door), "an input of entry '%s' belongs to another graph", entry.name());
            for (Dim d : door.type().shape()) dims.addAll(d.variables());
        }
        for (var root : entry.roots()) require(!(root.op() instanceof Op.Control), "an output of entry '%s' is the token %s of a loop", entry.name(), root);
        verify(entry.live(), dims, entry.name());
        return entry;
    }

    private static void verify(List<Value> live, Set<String> dims, String entry) {
        for (var v : live) {
            for (var operand : v.op().operands()) {
                require(operand.id() < v.id(), "%s reads %s, which does not stand before it", v, operand);
                require(operand.op() instanceof Op.Control == v.op() instanceof Op.Result, "%s = %s reads %s = %s", v, v.op().spec().name(), operand, operand.op().spec().name());
            }
            require(v.type().equals(v.op().type()), "%s is said to be %s, its operator says %s", v, v.type(), v.op().type());
            for (Dim d : v.type().shape())
                for (String name : d.variables()) require(dims.contains(name), "dim %s of %s : %s is in no input of entry '%s'", name, v, v.type(), entry);
            if (v.op() instanceof Op.Control loop) verify(loop.inside().values(), dims, entry);
        }
    }

    @SuppressWarnings("AnnotateFormatMethod")
    private static void require(boolean holds, String message, Object... arguments) {
        if (!holds) throw new IllegalStateException("broken graph: " + message.formatted(arguments));
    }
}
