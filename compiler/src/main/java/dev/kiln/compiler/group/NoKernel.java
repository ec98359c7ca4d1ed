package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;

/// An operator that no kernel form can compute. The network is correct, but Kiln cannot compile it; it never falls back to the interpreter.
public final class NoKernel extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NoKernel(String message) {
        super(message);
    }

    static NoKernel of(Graph graph, Value v) {
        return new NoKernel("%s: no kernel computes '%s' of %s yet".formatted(graph.origin(v).map(Object::toString).orElse("generated code"), v.op().spec().name(), v.op().operands().stream().map(o -> o.type().toString()).toList()));
    }
}
