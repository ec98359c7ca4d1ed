package dev.kiln.compiler.kernel;

import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// What a rows kernel computes: a DAG over the space rows × n. Every element of the space goes through all nodes; what is the same along a row is computed once a
/// row, what is the same everywhere once.
///
/// With row reductions the row is swept again for what depends on them, and what was read before is read again: stores happen in the last sweep, so a port
/// may lie in the same place as one that is read; see [#kept()] for the one exception. Row and column reductions do not mix.
public record RowsBody(List<Port> ports, List<Node> nodes, List<Store> stores) {
    /// Vector operations of a function from which on a store and a load are cheaper.
    private static final int WORTH_KEEPING = 10;

    /// Operations of a first and a last sweep up to which the one between takes them along.
    private static final int WORTH_TAKING_ALONG = 16;

    /// Operations of a sweep up to which it is emitted for half a vector, too.
    private static final int WORTH_HALVING = 30;
    /// Bytes of a kernel of which every sweep may be half as long again.
    private static final int SHORT = 2500;

    /// Where a node's value is the same.
    public enum Extent {
        /// Once a kernel.
        SCALAR,
        /// Once a row.
        ROW,
        /// An own value for every element.
        FULL,
        /// Once a column: a column reduction.
        COLUMN
    }

    public RowsBody {
        ports = List.copyOf(ports);
        nodes = List.copyOf(nodes);
        stores = List.copyOf(stores);
        new BodyCheck(ports, nodes).check(stores);
    }

    public DType type(int node) {
        return new BodyCheck(ports, nodes).types().get(node);
    }

    /// The element type of each node.
    public List<DType> types() {
        return new BodyCheck(ports, nodes).types();
    }

    public Extent extent(int node) {
        return extents().get(node);
    }

    public List<Extent> extents() {
        return BodyCheck.extents(ports, nodes);
    }

    /// How many row reductions stand before each node, one after the other: the sweep that can compute it.
    public List<Integer> sweeps() {
        var sweeps = new ArrayList<Integer>();
        for (Node node : nodes) {
            int sweep = node.operands().stream().mapToInt(sweeps::get).max().orElse(0);
            sweeps.add(node instanceof Node.RowReduce ? sweep + 1 : sweep);
        }
        return List.copyOf(sweeps);
    }

    /// The sweep in which results go out, and the last one; -1 when nothing needs to go along the rows.
    public int lastSweep() {
        List<Integer> sweeps = sweeps();
        int last = -1;
        for (int n = 0; n < nodes.size(); n++) {
            if (nodes.get(n) instanceof Node.RowReduce) last = Math.max(last, sweeps.get(n) - 1);
            if (nodes.get(n) instanceof Node.ColumnReduce) last = Math.max(last, sweeps.get(n));
        }
        for (Store store : stores) if (ports.get(store.port()).kind() == Port.Kind.STREAM) last = Math.max(last, sweeps.get(store.node()));
        return last;
    }

    /// A value that an early sweep leaves in the port of a result, where the last sweep finds it again instead of computing it anew.
    ///
    /// @param node  the value
    /// @param sweep that computes it
    /// @param port  whose own result overwrites it in the last sweep
    public record Kept(int node, int sweep, int port) {}

    /// What is worth keeping: the longest function that two sweeps need. Where later sweeps read any other stream nothing is kept: it might lie in that very place.
    public Optional<Kept> kept() {
        int last = lastSweep();
        var places = stores.stream().filter(s -> ports.get(s.port()).equals(Port.stream(DType.f32)) && !nodes.contains(new Node.Read(s.port()))).map(Store::port).findFirst();
        if (places.isEmpty() || last < 1 || hasColumnReduction()) return Optional.empty();
        return IntStream.range(0, nodes.size())
                .filter(n -> nodes.get(n) instanceof Node.Apply(var fn, _) && fn.operations() >= WORTH_KEEPING && type(n) == DType.f32)
                .mapToObj(n -> new Kept(n, sweeps().get(n), places.get()))
                .filter(k -> k.sweep < last && needed(k.sweep, Optional.empty()).contains(k.node) && needed(last, Optional.empty()).contains(k.node))
                .filter(k -> IntStream.rangeClosed(k.sweep + 1, last).noneMatch(s -> needed(s, Optional.of(k)).stream().anyMatch(this::readsStream)))
                .max(Comparator.comparingInt(k -> ((Node.Apply) nodes.get(k.node)).fn().operations()));
    }

    private boolean readsStream(int node) {
        return nodes.get(node) instanceof Node.Read(int port) && ports.get(port).kind() == Port.Kind.STREAM;
    }

    /// The FULL nodes that a sweep computes, ascending: what its reductions need, and in the last one what is stored.
    public List<Integer> needed(int sweep) {
        return needed(sweep, kept());
    }

    private List<Integer> needed(int sweep, Optional<Kept> kept) {
        List<Extent> extents = extents();
        List<Integer> sweeps = sweeps();
        int found = kept.filter(k -> k.sweep < sweep).map(Kept::node).orElse(-1);
        var needed = new TreeSet<Integer>();
        if (sweep == lastSweep()) for (Store store : stores) needed.add(store.node());
        for (int n = nodes.size() - 1; n >= 0; n--) {
            boolean reduces = (nodes.get(n) instanceof Node.RowReduce && sweeps.get(n) == sweep + 1) || nodes.get(n) instanceof Node.ColumnReduce;
            boolean along = extents.get(n) == Extent.FULL && needed.contains(n) && n != found;
            if (reduces || along) needed.addAll(nodes.get(n).operands());
        }
        needed.removeIf(n -> extents.get(n) != Extent.FULL || n == found);
        return List.copyOf(needed);
    }

    /// The row reductions that a sweep carries out.
    public List<Integer> reductions(int sweep) {
        List<Integer> sweeps = sweeps();
        return IntStream.range(0, nodes.size())
                .filter(n -> nodes.get(n) instanceof Node.RowReduce && sweeps.get(n) == sweep + 1)
                .boxed()
                .toList();
    }

    /// What happens at one place of a sweep: the nodes it computes, and each reduction as soon as its operand is there.
    public List<Integer> order(int sweep) {
        var order = new TreeSet<>(needed(sweep));
        order.addAll(reductions(sweep));
        for (int n = 0; n < nodes.size(); n++) if (nodes.get(n) instanceof Node.ColumnReduce) order.add(n);
        return List.copyOf(order);
    }

    /// How many vectors of a row a sweep takes at once, each with accumulators of its own in registers, of which there are `may`; 0 where accumulators lie in scratch.
    public int abreast(int sweep, int lanes, int may) {
        return new Registers(this, sweep).abreast(lanes, may);
    }

    /// Whether the first sweep reduces one value and needs nothing that is the same along its row.
    public boolean beginsAlone() {
        return reductions(0).size() == 1 && IntStream.range(0, nodes.size()).noneMatch(n -> extent(n) == Extent.ROW && sweeps().get(n) == 0);
    }

    /// Whether the second of three sweeps may take the first one of the row below and the last one of the row above along, where one vector has all lanes of a reduction: it is long, they are short,
    /// the first needs nothing of its row, the last reduces nothing, and `may` vectors are enough for all. What multiplies has time for what compares, loads and stores.
    public boolean takesAlong(int lanes, int may) {
        if (lanes != RowsKey.SCRATCH || lastSweep() != 2 || !reductions(2).isEmpty() || hasColumnReduction() || !beginsAlone()) return false;
        int operations = IntStream.of(0, 2).flatMap(s -> order(s).stream().mapToInt(n -> Cost.operations(nodes.get(n)))).sum();
        return operations <= WORTH_TAKING_ALONG && IntStream.rangeClosed(0, 2).map(s -> new Registers(this, s).accumulating()).sum() <= may;
    }

    /// What a sweep takes of what is the same along its row, but for literals.
    public List<Integer> taken(int sweep) {
        List<Extent> extents = extents();
        var taken = new TreeSet<Integer>();
        for (int n : needed(sweep)) taken.addAll(nodes.get(n).operands());
        if (sweep == lastSweep()) for (Store store : stores) taken.add(store.node());
        taken.removeIf(n -> extents.get(n) != Extent.ROW);
        return List.copyOf(taken);
    }

    /// Whether a sweep may take half a vector where less than a whole one is left: one of several, and short in a short kernel, or that would get too long.
    public boolean halves(int sweep) {
        boolean indexed = ports.stream().anyMatch(p -> p.kind() == Port.Kind.INDEX);
        int operations = order(sweep).stream().mapToInt(n -> Cost.operations(nodes.get(n))).sum();
        return lastSweep() > 0 && !indexed && operations <= WORTH_HALVING && cost().bytes() <= SHORT;
    }

    /// What a sweep computes a vector ahead: all that its last long functions wait for, where that has long functions, too, as `tanh(c)` for the gates that c is made of. Else nothing.
    ///
    /// Long functions that follow each other are more operations than a processor looks ahead, so it would wait for each of them; beside those of the next vector it has something to do.
    public Ahead ahead() {
        boolean reduces = nodes.stream().anyMatch(n -> n instanceof Node.RowReduce || n instanceof Node.ColumnReduce);
        if (reduces || lastSweep() < 0) return Ahead.NOTHING;
        var ahead = Ahead.of(this);
        boolean floats = ahead.carried().stream().allMatch(n -> type(n) == DType.f32);
        return floats && cost().twice(ahead.first().stream().map(nodes::get).toList(), ahead.carried().size()).fits() ? ahead : Ahead.NOTHING;
    }

    public boolean hasColumnReduction() {
        return nodes.stream().anyMatch(n -> n instanceof Node.ColumnReduce);
    }

    public Cost cost() {
        return Cost.of(this);
    }

    /// One line: ports, nodes, stores.
    @Override
    public String toString() {
        var text = new StringBuilder();
        for (int p = 0; p < ports.size(); p++) text.append(p == 0 ? "" : ", ").append('p').append(p).append(' ').append(ports.get(p));
        for (int n = 0; n < nodes.size(); n++) text.append(n == 0 ? " | " : "; ").append('n').append(n).append(" = ").append(nodes.get(n));
        for (int s = 0; s < stores.size(); s++) text.append(s == 0 ? " | " : ", ").append(stores.get(s));
        return text.toString();
    }
}
