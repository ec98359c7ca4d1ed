package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The nodes of a body at one place: in lanes, from column j of the row that was entered.
final class NodeCode {
    private final Code code;
    private final Lanes lanes;
    private final Places places;
    private final Expr j;
    private final Map<Integer, Expr> values = new HashMap<>();

    NodeCode(Code code, Lanes lanes, Places places, Expr j) {
        this.code = code;
        this.lanes = lanes;
        this.places = places;
        this.j = j;
    }

    /// Computes a FULL node, after its operands.
    void add(int n) {
        values.put(n, compute(n));
    }

    /// Takes the value of a node that was computed before, a local.
    void take(int n, Expr value) {
        values.put(n, value);
    }

    /// The value of a node in these lanes: computed here, or spread from what does not change along the row.
    Expr value(int node) {
        if (places.extent(node) == Extent.FULL) return values.get(node);
        if (node(node) instanceof Node.Literal literal) return literal(literal);
        if (lanes.count() == 1) return places.value(node);
        return values.computeIfAbsent(node, n -> {
            Expr scalar = places.value(n);
            return code.let("n" + n, scalar.type().equals(CD_boolean) ? lanes.broadcastMask(scalar) : lanes.broadcast(scalar));
        });
    }

    private Node node(int n) {
        return places.body().nodes().get(n);
    }

    /// The value of a node, as a local.
    Expr compute(int n) {
        Expr value = switch (node(n)) {
            case Node.Literal literal -> literal(literal);
            case Node.Read(int port) -> read(port);
            case Node.Apply(Fn fn, List<Integer> arguments) -> apply(fn, arguments);
            case Node.Cast(int operand, DType type) -> cast(value(operand), type);
            case Node.Draw(int key0, int key1, int index) -> new Chance(code, lanes).uniform(value(key0), value(key1), value(index));
            case Node.RowReduce _, Node.ColumnReduce _ -> throw new IllegalStateException("a reduction is no value of one place: n" + n);
        };
        return node(n) instanceof Node.Literal ? value : code.let("n" + n, value);
    }

    private Expr literal(Node.Literal literal) {
        return switch (literal.type()) {
            case f32 -> lanes.literal((float) literal.value());
            case i32 -> lanes.literal((int) literal.value());
            case bool -> lanes.broadcastMask(Expr.of(literal.value() != 0));
        };
    }

    private Expr read(int port) {
        Port kind = places.body().ports().get(port);
        return switch (kind.kind()) {
            case STREAM -> typed(lanes.load(places.argument("p" + port), places.rowStart(port).plus(j)), kind.type());
            case ROW -> typed(places.argument("p" + port).at(places.rowStart(port)), kind.type());
            case SCALAR -> typed(places.argument("p" + port).at(places.argument("p" + port + "O")), kind.type());
            case INDEX -> index(port);
            case ROW_INDEX -> places.rowStart(port);
            case NUMBER -> places.argument("p" + port);
        };
    }

    private Expr index(int port) {
        Expr first = places.rowStart(port).plus(j.times(places.argument("p" + port + "J")));
        return lanes.count() == 1 ? first : lanes.add(lanes.broadcast(first), places.steps(port));
    }

    /// Floats from memory as what they mean.
    private Expr typed(Expr floats, DType type) {
        return switch (type) {
            case f32 -> floats;
            case i32 -> lanes.bits(floats);
            case bool -> lanes.less(lanes.literal(0f), floats);
        };
    }

    /// With a literal, min and max are one comparison and a choice, which keeps the operand if it is NaN.
    private Expr apply(Fn fn, List<Integer> arguments) {
        if ((fn.equals(Functions.MAX) || fn.equals(Functions.MIN)) && isReal(arguments.getFirst())) {
            if (isNumber(arguments.get(1))) return bounded(fn, value(arguments.get(0)), arguments.get(1));
            if (isNumber(arguments.get(0))) return bounded(fn, value(arguments.get(1)), arguments.get(0));
        }
        if (fn.equals(Functions.EXP) && isBelowItsMaximum(arguments.getFirst())) return new Exponential(code, lanes).ofNegative(value(arguments.getFirst()));
        return new VectorCode(code, lanes).apply(fn, arguments.stream().map(this::value).toList());
    }

    /// Whether a node is `x - max x`, as in a softmax: no element is above zero.
    private boolean isBelowItsMaximum(int n) {
        return node(n) instanceof Node.Apply(var fn, List<Integer> arguments)
                && fn.equals(Functions.SUB)
                && node(arguments.get(1)) instanceof Node.RowReduce(Node.Reduction reduction, int operand)
                && reduction == Node.Reduction.MAX
                && operand == arguments.getFirst();
    }

    private boolean isReal(int n) {
        return places.body().type(n) == DType.f32;
    }

    private boolean isNumber(int n) {
        return node(n) instanceof Node.Literal(double value, _) && !Double.isNaN(value);
    }

    private Expr bounded(Fn fn, Expr x, int literal) {
        Expr bound = code.let("bound", value(literal));
        Expr beyond = fn.equals(Functions.MAX) ? lanes.less(x, bound) : lanes.less(bound, x);
        return lanes.select(beyond, bound, x);
    }

    private Expr cast(Expr x, DType to) {
        boolean fromMask = x.type().equals(lanes.maskType());
        boolean fromInt = x.type().equals(lanes.intType()) && !fromMask;
        return switch (to) {
            case f32 -> fromMask ? stored(lanes, x) : fromInt ? lanes.toFloat(x) : x;
            case i32 -> fromMask ? lanes.select(x, lanes.literal(1), lanes.literal(0)) : fromInt ? x : lanes.toInt(x);
            case bool -> fromMask ? x : lanes.not(lanes.equal(x, fromInt ? lanes.literal(0) : lanes.literal(0f)));
        };
    }

    /// A value as the floats that lie in memory.
    static Expr stored(Lanes lanes, Expr value) {
        if (value.type().equals(lanes.maskType())) return lanes.select(value, lanes.literal(1f), lanes.literal(0f));
        return value.type().equals(lanes.intType()) ? lanes.floats(value) : value;
    }

    /// Leaves a value in a port, for a later sweep.
    void store(int node, int port) {
        lanes.store(places.argument("p" + port), places.rowStart(port).plus(j), value(node));
    }

    /// Takes the value that an earlier sweep left in a port.
    void find(int node, int port) {
        values.put(node, code.let("n" + node, read(port)));
    }

    /// Sends out what changes along the row, or goes to a place for each of its columns.
    void storeAll() {
        for (Store store : places.body().stores()) {
            boolean stream = places.body().ports().get(store.port()).kind() == Port.Kind.STREAM;
            if (stream && places.extent(store.node()) != Extent.COLUMN)
                lanes.store(places.argument("p" + store.port()), places.rowStart(store.port()).plus(j), stored(lanes, value(store.node())));
        }
    }
}
