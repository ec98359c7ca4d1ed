package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What a rows kernel knows outside of its innermost loop: where ports lie, and the values that do not change along a row. All of those are scalars; inside, lanes
/// spread them.
final class Places {
    private final Code code;
    private final RowsBody body;
    private final Arguments arguments;
    private final Width width;
    private final List<Extent> extents;
    private final List<Integer> sweeps;
    private final Map<Integer, Expr> values = new HashMap<>();
    private final Map<Integer, Expr> steps = new HashMap<>();
    private final List<Expr> rowStarts = new ArrayList<>();

    Places(Code code, RowsBody body, Arguments arguments, Width width) {
        this.code = code;
        this.body = body;
        this.arguments = arguments;
        this.width = width;
        this.extents = body.extents();
        this.sweeps = body.sweeps();
        computeAll(Extent.SCALAR, 0);
        nameSteps();
    }

    private Places(Places outer, Code code, Arguments arguments, Map<Integer, Expr> values) {
        this.code = code;
        this.body = outer.body;
        this.arguments = arguments;
        this.width = outer.width;
        this.extents = outer.extents;
        this.sweeps = outer.sweeps;
        this.values.putAll(values);
        nameSteps();
    }

    /// The same inside another method, which is given what is known so far.
    Places within(Code other, Arguments otherArguments, Map<Integer, Expr> given) {
        return new Places(this, other, otherArguments, given);
    }

    /// The same in another row.
    Places other(Expr r) {
        var other = new Places(this, code, arguments, values);
        other.enterRow(r);
        return other;
    }

    private void nameSteps() {
        for (int p = 0; p < body.ports().size(); p++)
            if (body.ports().get(p).kind() == Port.Kind.INDEX && width.lanes() > 1) {
                Lanes lanes = vectors();
                steps.put(p, code.let("steps" + p, lanes.mul(lanes.iota(), lanes.broadcast(argument("p" + p + "J")))));
            }
    }

    Code code() {
        return code;
    }

    Arguments arguments() {
        return arguments;
    }

    /// The nodes with a value by now that does not change along the row; literals are known anywhere.
    List<Integer> known() {
        return values.keySet().stream().filter(n -> !(body.nodes().get(n) instanceof Node.Literal)).sorted().toList();
    }

    RowsBody body() {
        return body;
    }

    Width width() {
        return width;
    }

    Expr argument(String name) {
        return arguments.get(name);
    }

    Lanes vectors() {
        return new VectorLanes(code, width.lanes());
    }

    Extent extent(int node) {
        return extents.get(node);
    }

    /// The value of a node that does not change along the row.
    Expr value(int node) {
        return values.get(node);
    }

    void setValue(int node, Expr value) {
        values.put(node, value);
    }

    /// What `index` adds from lane to lane of an INDEX port, for vectors.
    Expr steps(int port) {
        return steps.get(port);
    }

    /// Where the row of a STREAM or ROW port starts, or the index of its first column, which is that of all columns of a ROW_INDEX.
    Expr rowStart(int port) {
        return rowStarts.get(port);
    }

    /// Names where row r starts in every port.
    void enterRow(Expr r) {
        rowStarts.clear();
        for (int p = 0; p < body.ports().size(); p++) {
            String name = "p" + p;
            rowStarts.add(switch (body.ports().get(p).kind()) {
                case STREAM, ROW -> code.let("at" + p, argument(name + "O").plus(r.times(argument(name + "S"))));
                case INDEX, ROW_INDEX -> code.let("at" + p, argument(name).plus(r.times(argument(name + "R"))));
                case SCALAR -> argument(name + "O");
                case NUMBER -> argument(name);
            });
        }
    }

    /// Computes the nodes of one extent that become known after so many sweeps, in order.
    void computeAll(Extent extent, int sweep) {
        var evaluate = new NodeCode(code, new ScalarLanes(code), this, Expr.of(0));
        for (int n = 0; n < body.nodes().size(); n++)
            if (extents.get(n) == extent && sweeps.get(n) == sweep && !(body.nodes().get(n) instanceof Node.RowReduce))
                values.put(n, evaluate.compute(n));
    }

    /// Sends out what is constant along the row.
    void storeRow() {
        storeTo(Port.Kind.ROW);
    }

    void storeScalars() {
        storeTo(Port.Kind.SCALAR);
    }

    private void storeTo(Port.Kind kind) {
        var lanes = new ScalarLanes(code);
        for (var store : body.stores()) {
            if (body.ports().get(store.port()).kind() != kind) continue;
            Expr at = kind == Port.Kind.SCALAR ? argument("p" + store.port() + "O") : rowStart(store.port());
            code.store(argument("p" + store.port()), at, NodeCode.stored(lanes, value(store.node())));
        }
    }
}
