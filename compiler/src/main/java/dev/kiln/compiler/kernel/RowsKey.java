package dev.kiln.compiler.kernel;

import java.util.ArrayList;
import java.util.List;

/// A [RowsBody] over `rows` × `n` elements:
/// `run(rows, n, the parameters of each port p0, p1, …, start, scratch, scratchO)`.
///
/// `start` is 0 where column reductions begin anew and 1 where they go on from what their ports hold. `scratch` has room for [#SCRATCH] floats a row reduction,
/// one after the other; each caller at a time needs its own. Pads beyond n are neither read nor written.
public record RowsKey(RowsBody body) implements KernelKey {
    /// Floats of scratch that one row reduction needs: its 16 lanes.
    public static final int SCRATCH = 16;

    public int scratch() {
        return SCRATCH * (int) body.nodes().stream().filter(n -> n instanceof Node.RowReduce).count();
    }

    @Override
    public List<Parameter> parameters() {
        var parameters = new ArrayList<Parameter>();
        parameters.add(Parameter.integer("rows"));
        parameters.add(Parameter.integer("n"));
        for (int p = 0; p < body.ports().size(); p++) body.ports().get(p).parameters("p" + p).forEach(parameters::add);
        parameters.add(Parameter.integer("start"));
        Parameter.array("scratch").forEach(parameters::add);
        return List.copyOf(parameters);
    }

    @Override
    public String idle() {
        return "rows";
    }

    @Override
    public String className() {
        return "Rows" + Names.hash(body.toString());
    }

    @Override
    public String toString() {
        return "rows " + body;
    }
}
