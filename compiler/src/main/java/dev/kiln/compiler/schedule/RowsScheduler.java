package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Group.Rows.Reduction;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.RowsNodes;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Schedules a `Rows` group. The innermost axis of its space is the vector; the next one (after merging what lies evenly) the rows of a call; others are driver loops.
/// A call takes some 8,000 elements. Column sums are taken over fixed blocks of rows, and the blocks' sums in order, so that bits do not depend on threads.
final class RowsScheduler {
    /// Elements of one call.
    private static final int BLOCK = 8192;
    /// Rows of one block of a column reduction.
    private static final int COLUMN_ROWS = 256;

    private final Scheduling scheduling;
    private final Group.Rows group;
    private final String name;
    private final Optional<Origin> origin;
    private final List<RowsPort> ports;
    private final List<Node> nodes;
    private final List<Store> stores = new ArrayList<>();
    private final boolean panelled;

    RowsScheduler(Scheduling scheduling, Group.Rows group, String name) {
        this.scheduling = scheduling;
        this.group = group;
        this.name = name;
        this.origin = scheduling.origin(group.writes().isEmpty() ? group.members().getLast() : group.writes().getFirst());
        var read = new RowsPorts(scheduling);
        var body = new RowsNodes(group, read);
        this.ports = read.ports();
        this.nodes = body.nodes();
        for (var v : group.writes()) {
            write(v, body.node(v), scheduling.storage(v));
            scheduling.again(v).ifPresent(to -> write(v, body.node(v), to));
        }
        this.panelled = group.order().panelled();
    }

    private void write(Value v, int node, Storage to) {
        ports.add(new RowsPort.Tensor(v.type().dtype(), to, group.at(v), true));
        stores.add(new Store(node, ports.size() - 1));
    }

    void schedule() {
        for (int p = 0; p < ports.size(); p++) if (ports.get(p) instanceof RowsPort.Tensor t && !runs(t)) ports.set(p, conform(t));
        var nest = nest();
        boolean rows = group.reduction() == Reduction.ROWS;
        nest = (rows || group.reduction() == Reduction.COLUMNS ? nest : nest.throughPads(room())).merged(rows);
        switch (group.reduction()) {
            case NONE, ROWS -> pointwise(nest, rows);
            case COLUMNS -> columns(nest);
        }
        for (var after : late) scheduling.add(after);
    }

    private final List<Step> late = new ArrayList<>();

    // The space

    /// Axes of the space in the order they lie, fastest last; a panelled space splits its last axis.
    private Nest nest() {
        var levels = new ArrayList<Nest.Level>();
        var order = group.order().axes();
        if (panelled) levels.add(new Nest.Level(group.space().get(order.getLast()).ceilDiv(Dim.of(Storage.PANEL)), false, ports.stream().map(p -> panelStride(p, order.getLast())).toList()));
        for (int axis : order) {
            boolean lane = panelled && axis == order.getLast();
            levels.add(new Nest.Level(lane ? Dim.of(Storage.PANEL) : group.space().get(axis), reduced(axis), ports.stream().map(p -> lane ? laneStride(p, axis) : stride(p, axis)).toList()));
        }
        return new Nest(levels);
    }

    private boolean reduced(int axis) {
        return group.reduction() == Reduction.COLUMNS && group.members().stream().anyMatch(v -> !group.axes().get(v).contains(axis)) && !group.space().get(axis).is(1);
    }

    private static Dim stride(RowsPort port, int axis) {
        return switch (port) {
            case RowsPort.Tensor t -> {
                var stride = Dim.ZERO;
                for (int d = 0; d < t.at().size(); d++) if (t.at().get(d).axis() == axis) stride = stride.plus(t.storage().strides().get(d).times(t.at().get(d).coefficient()));
                yield stride;
            }
            case RowsPort.Count c -> c.steps().get(axis);
            case RowsPort.Key _, RowsPort.Whole _ -> Dim.ZERO;
        };
    }

    private static Dim panelStride(RowsPort port, int axis) {
        return port instanceof RowsPort.Tensor t && t.storage().panelled() ? (follows(t, axis) ? t.storage().panelStride() : Dim.ZERO) : stride(port, axis).times(Storage.PANEL);
    }

    private static Dim laneStride(RowsPort port, int axis) {
        return port instanceof RowsPort.Tensor t && t.storage().panelled() ? (follows(t, axis) ? Dim.ONE : Dim.ZERO) : stride(port, axis);
    }

    private static boolean follows(RowsPort.Tensor t, int axis) {
        return t.at().get(t.storage().panelAxis()).axis() == axis;
    }

    /// Can the kernel run along this tensor? Its elements must lie side by side along the innermost axis, or be the same there.
    private boolean runs(RowsPort.Tensor t) {
        int inner = group.innermost();
        if (inner < 0) return true;
        if (t.storage().panelled()) {
            var column = t.at().get(t.storage().panelAxis());
            return panelled && column.equals(new Term(inner, 1, 0));
        }
        var stride = stride(t, inner);
        return stride.is(0) || stride.is(1) || isRowStore(t);
    }

    private boolean isRowStore(RowsPort.Tensor t) {
        return t.written() && t.at().stream().noneMatch(term -> term.axis() == group.innermost());
    }

    /// A copy that lies as the space does: taken before the kernel for what is read, copied back after it for what is written.
    private RowsPort conform(RowsPort.Tensor t) {
        var followed = t.at().stream().filter(term -> term.axis() >= 0).map(Term::axis).distinct().sorted(Comparator.comparingInt(a -> group.order().axes().indexOf(a))).toList();
        var shape = new ArrayList<Dim>();
        for (int a : followed) shape.add(group.space().get(a));
        boolean keepPanels = panelled && followed.contains(group.order().last()) && followed.size() > 1;
        var order = Order.logical(shape.size());
        var storage = keepPanels ? Storages.panelled(shape, order, size -> scheduling.temporary("conformed", size)) : Storages.plain(shape, order, Storages.none(shape.size()), true, size -> scheduling.temporary("conformed", size));
        var atOld = t.at().stream().map(term -> term.axis() < 0 ? term : new Term(followed.indexOf(term.axis()), term.coefficient(), term.offset())).toList();
        var identity = Copies.identity(shape.size());
        if (t.written()) late.add(Copies.copy("copy of " + name, origin, shape, t.storage(), atOld, storage, identity));
        else scheduling.add(Copies.copy("copy for " + name, origin, shape, storage, identity, t.storage(), atOld), storage, t.storage());
        return new RowsPort.Tensor(t.type(), storage, followed.stream().map(a -> new Term(a, 1, 0)).toList(), t.written());
    }

    /// For each port how many elements lie from the start of a row to the start of the next.
    private List<Dim> room() {
        return ports.stream().map(p -> switch (p) {
            case RowsPort.Tensor t -> {
                if (t.storage().hasHalo() || t.storage().panelled()) yield t.storage().panelled() ? Dim.of(Storage.PANEL) : Dim.ZERO;
                if (t.at().stream().anyMatch(term -> term.offset() != 0)) yield Dim.ZERO;
                var order = t.storage().order();
                boolean own = switch (t.storage().buffer().space()) {
                    case ARENA, WEIGHTS, DERIVED -> true;
                    case FLOATS_IN, INTS_IN, FLOATS_OUT, INTS_OUT -> false;
                };
                if (!own) yield Dim.ZERO;
                if (order.size() <= 1) yield t.storage().buffer().size().plus(15).floorDiv(16).times(16);
                yield t.storage().strides().get(order.get(order.size() - 2));
            }
            case RowsPort.Count _, RowsPort.Key _, RowsPort.Whole _ -> Dim.of(1 << 20);
        }).toList();
    }

    // Loops

    private void pointwise(Nest nest, boolean rowReduction) {
        var levels = nest.levels();
        var inner = levels.isEmpty() ? null : levels.getLast();
        var loops = new ArrayList<Loops.Axis>();
        var places = places();
        for (int i = 0; i < levels.size() - 2; i++) loop(loops, places, levels.get(i), "i" + i);
        var rows = IndexExpr.number(1);
        var rowLevel = levels.size() >= 2 ? levels.get(levels.size() - 2) : null;
        var n = inner == null ? IndexExpr.number(1) : IndexExpr.size(inner.extent());
        if (rowLevel != null) {
            int block = inner.extent().isConstant() ? Math.max(1, BLOCK / Math.max(1, inner.extent().toInt())) : 16;
            rows = block(loops, places, rowLevel, block, "r");
        } else if (inner != null && !rowReduction && !(inner.extent().isConstant() && inner.extent().toInt() <= 2 * BLOCK)) {
            n = block(loops, places, inner, BLOCK, "j");
        }
        kernel(loops, places, rows, n, rowLevel, inner, IndexExpr.number(0), nodes, name);
    }

    private void columns(Nest nest) {
        var levels = new ArrayList<>(nest.levels());
        var inner = levels.removeLast();
        var kept = levels.stream().filter(l -> !l.reduced()).toList();
        var reduced = new ArrayList<>(levels.stream().filter(Nest.Level::reduced).toList());
        var rowLevel = reduced.removeLast();
        boolean small = rowLevel.extent().isConstant() && rowLevel.extent().toInt() <= 2 * COLUMN_ROWS && reduced.isEmpty();
        var loops = new ArrayList<Loops.Axis>();
        var places = places();
        for (int i = 0; i < kept.size(); i++) loop(loops, places, kept.get(i), "i" + i);
        var n = IndexExpr.size(inner.extent());
        if (small || !kept.isEmpty()) {
            columnsInOrder(loops, places, reduced, rowLevel, inner, n);
            return;
        }
        // The outermost reduced level is cut into blocks; each has a row of partial results.
        boolean rowsOnly = reduced.isEmpty();
        var cut = rowsOnly ? rowLevel : reduced.removeFirst();
        int block = rowsOnly ? COLUMN_ROWS : 1;
        var blocks = cut.extent().ceilDiv(Dim.of(block));
        var width = inner.extent().plus(15).floorDiv(16).times(16);
        var partial = new HashSet<Integer>();
        var count = block == 1 ? IndexExpr.size(cut.extent()) : IndexExpr.size(blocks);
        var original = List.copyOf(ports);
        for (int s = 0; s < stores.size(); s++) {
            int p = stores.get(s).port();
            if (!(nodes.get(stores.get(s).node()) instanceof Node.ColumnReduce)) continue;
            var buffer = scheduling.temporary("partial", blocks.times(width));
            var storage = new Storage(buffer, Dim.ZERO, List.of(width, Dim.ONE), List.of(0, 1), -1, Dim.ZERO, Storages.none(2));
            ports.set(p, new RowsPort.Tensor(DType.f32, storage, List.of(), true));
            places.set(p, new IndexExpr[] {places0(ports.get(p))});
            partial.add(p);
        }
        var axis = new Loops.Axis("b", count);
        loops.add(axis);
        for (int p = 0; p < ports.size(); p++) {
            var step = partial.contains(p) ? IndexExpr.size(width) : IndexExpr.size(cut.strides().get(p)).times(IndexExpr.number(block));
            places.get(p)[0] = places.get(p)[0].plus(Loops.at(axis).times(step));
        }
        if (rowsOnly) {
            var rows = IndexExpr.number(block).minimum(IndexExpr.size(rowLevel.extent()).minus(Loops.at(axis).times(IndexExpr.number(block))));
            kernel(loops, places, rows, n, rowLevel, inner, IndexExpr.number(0), nodes, name);
        } else {
            columnsInOrder(loops, places, reduced, rowLevel, inner, n);
        }
        combine(original, IndexExpr.size(blocks), n, width);
    }

    /// Sums block after block of rows into one accumulator row, within one task. Where there is nothing to sum, one call for no rows leaves what a sum begins with.
    private void columnsInOrder(List<Loops.Axis> tasks, List<IndexExpr[]> places, List<Nest.Level> reduced, Nest.Level rowLevel, Nest.Level inner, IndexExpr n) {
        var loops = new ArrayList<Loops.Axis>();
        for (int i = 0; i < reduced.size(); i++) loop(loops, places, reduced.get(i), "q" + i);
        var rows = rowLevel.extent().isConstant() && rowLevel.extent().toInt() <= 2 * COLUMN_ROWS ? IndexExpr.size(rowLevel.extent()) : block(loops, places, rowLevel, COLUMN_ROWS, "r");
        for (var level : reduced) if (!level.extent().isConstant()) rows = rows.times(IndexExpr.size(level.extent()).minimum(IndexExpr.number(1)));
        var start = IndexExpr.number(0);
        for (var axis : loops) start = start.plus(Loops.at(axis));
        start = start.minimum(IndexExpr.number(1));
        List<Action> body = List.of(call(places, rows, n, rowLevel, inner, start, nodes));
        var cost = cost(rows, n);
        for (int i = loops.size() - 1; i >= 0; i--) {
            if (loops.get(i).count().isNumber(1)) continue;
            body = List.of(new Action.Loop(loops.get(i).variable(), loops.get(i).count().maximum(IndexExpr.number(1)), body));
            cost = cost.times(loops.get(i).count());
        }
        scheduling.add(new Loops(tasks).step(name, origin, cost, body));
    }

    /// The rows of partial results become one.
    private void combine(List<RowsPort> original, IndexExpr blocks, IndexExpr n, Dim width) {
        var bodyPorts = new ArrayList<Port>();
        var bodyNodes = new ArrayList<Node>();
        var bodyStores = new ArrayList<Store>();
        var arguments = new ArrayList<Argument>(List.of(Argument.of(blocks), Argument.of(n)));
        for (var store : stores) {
            if (!(nodes.get(store.node()) instanceof Node.ColumnReduce(var reduction, _))) continue;
            var from = (RowsPort.Tensor) ports.get(store.port());
            var to = (RowsPort.Tensor) original.get(store.port());
            bodyPorts.add(Port.stream(DType.f32));
            bodyPorts.add(Port.stream(DType.f32));
            bodyNodes.add(new Node.Read(bodyPorts.size() - 2));
            bodyNodes.add(new Node.ColumnReduce(reduction, bodyNodes.size() - 1));
            bodyStores.add(new Store(bodyNodes.size() - 1, bodyPorts.size() - 1));
            arguments.add(new Argument.Place(from.storage().buffer(), IndexExpr.number(0)));
            arguments.add(Argument.of(IndexExpr.size(width)));
            arguments.add(new Argument.Place(to.storage().buffer(), Copies.base(to.storage(), to.at())));
            arguments.add(Argument.of(0));
        }
        arguments.add(Argument.of(0));
        arguments.add(Argument.Scratch.FIRST);
        var key = new RowsKey(new RowsBody(bodyPorts, bodyNodes, bodyStores));
        scheduling.add(new Step(name + " combined", origin, IndexExpr.number(1), IndexExpr.number(1), List.of(new Action.Kernel(key, arguments))));
    }

    private void loop(List<Loops.Axis> loops, List<IndexExpr[]> places, Nest.Level level, String variable) {
        var axis = new Loops.Axis(variable, IndexExpr.size(level.extent()));
        loops.add(axis);
        for (int p = 0; p < ports.size(); p++) places.get(p)[0] = places.get(p)[0].plus(Loops.at(axis).times(IndexExpr.size(level.strides().get(p))));
    }

    /// A loop over blocks of a level; gives how many places the block at hand has.
    private IndexExpr block(List<Loops.Axis> loops, List<IndexExpr[]> places, Nest.Level level, int block, String variable) {
        var extent = IndexExpr.size(level.extent());
        if (level.extent().isConstant() && level.extent().toInt() <= block) return extent;
        var axis = new Loops.Axis(variable, extent.parts(block));
        loops.add(axis);
        var first = Loops.at(axis).times(IndexExpr.number(block));
        for (int p = 0; p < ports.size(); p++) places.get(p)[0] = places.get(p)[0].plus(first.times(IndexExpr.size(level.strides().get(p))));
        return IndexExpr.number(block).minimum(extent.minus(first));
    }

    private List<IndexExpr[]> places() {
        var places = new ArrayList<IndexExpr[]>();
        for (var port : ports) places.add(new IndexExpr[] {places0(port)});
        return places;
    }

    private static IndexExpr places0(RowsPort port) {
        return switch (port) {
            case RowsPort.Tensor t -> Copies.base(t.storage(), t.at());
            case RowsPort.Count c -> c.base();
            case RowsPort.Key _, RowsPort.Whole _ -> IndexExpr.number(0);
        };
    }

    /// About 0.01 ns for each element and operation, and as much as eight of them for reading and writing.
    private IndexExpr cost(IndexExpr rows, IndexExpr n) {
        int operations = nodes.stream().mapToInt(node -> node instanceof Node.Apply(var fn, _) ? fn.operations() : 1).sum();
        return rows.atMost().times(n.atMost()).quotient(IndexExpr.number(16)).times(IndexExpr.number(8 + operations)).quotient(IndexExpr.number(6)).plus(IndexExpr.number(50));
    }

    private void kernel(List<Loops.Axis> loops, List<IndexExpr[]> places, IndexExpr rows, IndexExpr n, Nest.Level rowLevel, Nest.Level inner, IndexExpr start, List<Node> body, String stepName) {
        scheduling.add(new Loops(loops).step(stepName, origin, cost(rows, n), List.of(call(places, rows, n, rowLevel, inner, start, body))));
    }

    private Action call(List<IndexExpr[]> places, IndexExpr rows, IndexExpr n, Nest.Level rowLevel, Nest.Level inner, IndexExpr start, List<Node> body) {
        var kinds = new ArrayList<Port>();
        var arguments = new ArrayList<Argument>(List.of(Argument.of(rows), Argument.of(n)));
        for (int p = 0; p < ports.size(); p++) {
            boolean columnResult = isColumnResult(p);
            var along = inner == null || columnResult ? Dim.ONE : inner.strides().get(p);
            var down = rowLevel == null || columnResult ? Dim.ZERO : rowLevel.strides().get(p);
            switch (ports.get(p)) {
                case RowsPort.Tensor t -> {
                    var kind = inner == null || !along.is(0) ? Port.Kind.STREAM : down.is(0) && !t.written() ? Port.Kind.SCALAR : Port.Kind.ROW;
                    kinds.add(new Port(kind, t.type()));
                    arguments.add(new Argument.Place(t.storage().buffer(), places.get(p)[0]));
                    if (kind != Port.Kind.SCALAR) arguments.add(Argument.of(IndexExpr.size(down)));
                }
                case RowsPort.Count _ -> {
                    var kind = !along.is(0) ? Port.index() : down.is(0) ? Port.number() : Port.rowIndex();
                    kinds.add(kind);
                    arguments.add(Argument.of(places.get(p)[0]));
                    if (kind.kind() != Port.Kind.NUMBER) arguments.add(Argument.of(IndexExpr.size(down)));
                    if (kind.kind() == Port.Kind.INDEX) arguments.add(Argument.of(IndexExpr.size(along)));
                }
                case RowsPort.Whole(var value) -> {
                    kinds.add(Port.number());
                    arguments.add(Argument.of(value));
                }
                case RowsPort.Key(int word, var place) -> {
                    kinds.add(Port.number());
                    arguments.add(new Argument.KeyWord(word, place));
                }
            }
        }
        arguments.add(Argument.of(start));
        arguments.add(Argument.Scratch.FIRST);
        return new Action.Kernel(new RowsKey(new RowsBody(kinds, body, stores)), arguments);
    }

    private boolean isColumnResult(int port) {
        return stores.stream().anyMatch(s -> s.port() == port && nodes.get(s.node()) instanceof Node.ColumnReduce);
    }
}
