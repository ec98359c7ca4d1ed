package dev.kiln.compiler.emit;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Node.Reduction;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Bodies of rows kernels as large as [the estimate][dev.kiln.compiler.kernel.Cost] allows.
final class RandomBody {
    /// What may stand in a body. Simple ones fill registers before they run out of operations.
    enum Kind { SIMPLE, FUNCTIONS, ROWS, ROWS_OF_FUNCTIONS, COLUMNS }

    private final Kind kind;
    private final Random random;
    private final List<Port> ports = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private final List<DType> types = new ArrayList<>();

    private RandomBody(Kind kind, long seed) {
        this.kind = kind;
        this.random = new Random(seed);
    }

    static RowsBody largest(Kind kind, long seed) {
        var body = new RandomBody(kind, seed);
        body.grow();
        for (var last = body.body(); ; ) {
            body.grow();
            var next = body.body();
            if (!next.cost().fits()) return last;
            last = next;
        }
    }

    private RowsBody body() {
        var all = new ArrayList<>(ports);
        var stores = new ArrayList<Store>();
        List<Extent> extents = new RowsBody(withPort(), nodes, List.of(new Store(nodes.size() - 1, ports.size()))).extents();
        for (int n = 0; n < nodes.size(); n++) {
            int node = n;
            boolean isRead = nodes.stream().anyMatch(other -> other.operands().contains(node));
            if (isRead && n % 7 != 0) continue;
            all.add(new Port(extents.get(n) == Extent.FULL || extents.get(n) == Extent.COLUMN ? Port.Kind.STREAM : Port.Kind.ROW, types.get(n)));
            stores.add(new Store(n, all.size() - 1));
        }
        return new RowsBody(all, nodes, stores);
    }

    private List<Port> withPort() {
        var all = new ArrayList<>(ports);
        all.add(Port.stream(types.getLast()));
        return all;
    }

    private void grow() {
        switch (random.nextInt(8)) {
            case 0 -> read(Port.index());
            case 1 -> read(random.nextBoolean() ? Port.row(DType.f32) : random.nextBoolean() ? Port.rowIndex() : Port.scalar(DType.f32));
            case 2 -> read(Port.stream(random.nextInt(4) == 0 ? DType.i32 : DType.f32));
            case 3 -> add(new Node.Draw(number(), number(), operand(DType.i32)), DType.f32);
            case 4 -> reduction();
            default -> apply();
        }
    }

    private void reduction() {
        var reduction = random.nextBoolean() ? Reduction.SUM : Reduction.MAX;
        switch (kind) {
            case SIMPLE, FUNCTIONS -> apply();
            case ROWS, ROWS_OF_FUNCTIONS -> add(new Node.RowReduce(reduction, operand(DType.f32)), DType.f32);
            case COLUMNS -> add(new Node.ColumnReduce(reduction, operand(DType.f32)), DType.f32);
        }
    }

    private void apply() {
        boolean light = kind == Kind.SIMPLE || kind == Kind.ROWS;
        var some = Functions.ALL.stream().filter(f -> !light || f.operations() < 4).toList();
        Fn fn = some.get(random.nextInt(some.size()));
        List<Integer> operands = fn.arity() == 3 ? List.of(operand(DType.bool), operand(DType.f32), operand(DType.f32)) : fn.arity() == 2 ? List.of(operand(DType.f32), operand(DType.f32)) : List.of(operand(DType.f32));
        add(new Node.Apply(fn, operands), fn.result(operands.stream().map(types::get).toList()));
    }

    /// A value of this type, made if there is none.
    private int operand(DType type) {
        var fitting = new ArrayList<Integer>();
        for (int n = 0; n < nodes.size(); n++) if (types.get(n) == type && !(nodes.get(n) instanceof Node.ColumnReduce)) fitting.add(n);
        if (!fitting.isEmpty() && random.nextInt(5) > 0) return fitting.get(random.nextInt(fitting.size()));
        if (type == DType.f32 && random.nextInt(6) == 0) return add(new Node.Literal(0.5, DType.f32), DType.f32);
        if (type == DType.bool) return add(new Node.Apply(Functions.LESS, List.of(operand(DType.f32), operand(DType.f32))), DType.bool);
        return random.nextInt(5) == 0 ? add(new Node.Cast(operand(type == DType.i32 ? DType.f32 : DType.i32), type), type) : read(Port.stream(type));
    }

    private int number() {
        return read(Port.number());
    }

    private int read(Port port) {
        ports.add(port);
        return add(new Node.Read(ports.size() - 1), port.type());
    }

    private int add(Node node, DType type) {
        nodes.add(node);
        types.add(type);
        return nodes.size() - 1;
    }
}
