package dev.kiln.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Node.Reduction;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which long sweep takes those of the rows beside it along.
class RowsBodyTest {
    private static final int WIDE = 31;

    /// `e / Σ e` with `e = exp(x - m)`, and `m` the maximum of `before` of the row: nodes 0 to `before.size() - 1`, of which the last one is reduced.
    private static RowsBody softmax(List<Port> ports, List<Node> before) {
        var nodes = new ArrayList<>(before);
        int first = before.size();
        nodes.add(new Node.RowReduce(Reduction.MAX, first - 1));
        nodes.add(new Node.Apply(Functions.SUB, List.of(0, first)));
        nodes.add(new Node.Apply(Functions.EXP, List.of(first + 1)));
        nodes.add(new Node.RowReduce(Reduction.SUM, first + 2));
        nodes.add(new Node.Apply(Functions.DIV, List.of(first + 2, first + 3)));
        var all = new ArrayList<>(ports);
        all.add(Port.stream(DType.f32));
        return new RowsBody(all, nodes, List.of(new Store(first + 4, ports.size())));
    }

    private static RowsBody softmax() {
        return softmax(List.of(Port.stream(DType.f32)), List.of(new Node.Read(0)));
    }

    @Test
    void theExponentialsOfASoftmaxDoWhereAVectorHasAllLanes() {
        assertTrue(softmax().takesAlong(16, WIDE));
        assertFalse(softmax().takesAlong(8, WIDE));
        assertFalse(softmax().takesAlong(1, WIDE));
    }

    @Test
    void notBeyondTheRegisters() {
        assertFalse(softmax().takesAlong(16, 8));
    }

    @Test
    void notWhereTheFirstSweepNeedsWhatIsKnownOfItsRow() {
        var body = softmax(List.of(Port.stream(DType.f32), Port.row(DType.f32)), List.of(new Node.Read(0), new Node.Read(1), new Node.Apply(Functions.MUL, List.of(0, 1))));
        assertFalse(body.takesAlong(16, WIDE));
    }

    @Test
    void notWhereTheFirstSweepIsLongItself() {
        var body = softmax(List.of(Port.stream(DType.f32)), List.of(new Node.Read(0), new Node.Apply(Functions.TANH, List.of(0))));
        assertFalse(body.takesAlong(16, WIDE));
    }

    @Test
    void notWhereTheLastSweepReduces() {
        var nodes = new ArrayList<>(softmax().nodes());
        nodes.add(new Node.RowReduce(Reduction.SUM, nodes.size() - 1));
        var body = new RowsBody(List.of(Port.stream(DType.f32), Port.row(DType.f32)), nodes, List.of(new Store(nodes.size() - 1, 1)));
        assertFalse(body.takesAlong(16, WIDE));
    }
}
