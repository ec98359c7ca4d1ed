package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Parameter;
import java.util.ArrayList;
import java.util.List;

/// The parameters of a kernel by name.
record Arguments(List<Parameter> parameters, List<Expr> values) {
    Expr get(String name) {
        return values.get(index(name));
    }

    /// The same with another value for one.
    Arguments with(String name, Expr value) {
        var changed = new ArrayList<>(values);
        changed.set(index(name), value);
        return new Arguments(parameters, changed);
    }

    Expr[] all() {
        return values.toArray(Expr[]::new);
    }

    private int index(String name) {
        for (int i = 0; i < parameters.size(); i++) if (parameters.get(i).name().equals(name)) return i;
        throw new IllegalArgumentException("no parameter " + name);
    }
}
