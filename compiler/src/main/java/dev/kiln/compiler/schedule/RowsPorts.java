package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.RowsNodes;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// What a body reads, where it lies: each array and each count once.
record RowsPorts(Scheduling scheduling, List<RowsPort> ports) implements RowsNodes.Ports {
    RowsPorts(Scheduling scheduling) {
        this(scheduling, new ArrayList<>());
    }

    @Override
    public int tensor(DType type, Value base, List<Term> at) {
        return port(new RowsPort.Tensor(type, scheduling.readable("a read of " + base, base.type().shape(), scheduling.storage(base), at), at, false));
    }

    @Override
    public int count(Dim base, List<Dim> steps) {
        return port(new RowsPort.Count(IndexExpr.size(base), steps));
    }

    @Override
    public int whole(Dim size) {
        return port(new RowsPort.Whole(IndexExpr.size(size)));
    }

    @Override
    public int key(int word, String place) {
        return port(new RowsPort.Key(word, place));
    }

    private int port(RowsPort port) {
        if (!ports.contains(port)) ports.add(port);
        return ports.indexOf(port);
    }
}
