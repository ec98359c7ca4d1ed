package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.kernel.Cost;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Rows groups in parts that the emitter takes, members in order. What a part leaves for later ones lies in memory.
///
/// The budgets by which clusters grow are rough and leave nearly all groups whole; whether a body fits is said by its [Cost], which goes through it as the emitter does.
final class Fitting implements RowsNodes.Ports {
    private final Group.Rows group;
    private final List<Object> read = new ArrayList<>();
    private final List<Port> ports = new ArrayList<>();

    private Fitting(Group.Rows group) {
        this.group = group;
    }

    static List<Group.Rows> of(Group.Rows group) {
        var parts = new ArrayList<Group.Rows>();
        var rest = group;
        for (int all = rest.members().size(); all > 1 && beyond(rest).isPresent(); all = rest.members().size()) {
            int first = first(rest);
            parts.add(rest.part(0, first));
            rest = rest.part(first, all);
        }
        parts.add(rest);
        return parts;
    }

    /// How many members the first part has: as many as fit, or down to half of them where that leaves fewer values in memory.
    private static int first(Group.Rows group) {
        int most = 1;
        while (beyond(group.part(0, most + 1)).isEmpty()) most++;
        return IntStream.rangeClosed((most + 1) / 2, most).boxed().min(Comparator.<Integer>comparingInt(n -> group.part(0, n).writes().size()).thenComparing(Comparator.reverseOrder())).orElseThrow();
    }

    /// What a kernel that computes the whole group would have too much of.
    static Optional<Apart> beyond(Group.Rows group) {
        var cost = new Fitting(group).cost();
        return cost.fits() ? Optional.empty() : Optional.of(cost.fitsRegisters() ? Apart.OPERATIONS : Apart.REGISTERS);
    }

    private Cost cost() {
        var body = new RowsNodes(group, this);
        var stores = new ArrayList<Store>();
        for (var v : group.writes()) {
            ports.add(array(v.type().dtype(), group.at(v)));
            stores.add(new Store(body.node(v), ports.size() - 1));
        }
        return new RowsBody(ports, body.nodes(), stores).cost();
    }

    @Override
    public int tensor(DType type, Value base, List<Term> at) {
        return port(List.of(base, at), array(type, at));
    }

    @Override
    public int count(Dim base, List<Dim> steps) {
        int inner = group.innermost();
        return port(List.of(base, steps), inner >= 0 && steps.get(inner).is(0) ? Port.rowIndex() : Port.index());
    }

    @Override
    public int whole(Dim size) {
        return port(size, Port.number());
    }

    @Override
    public int key(int word, String place) {
        return port(List.of(word, place), Port.number());
    }

    private Port array(DType type, List<Term> at) {
        int inner = group.innermost();
        return inner < 0 || at.stream().anyMatch(t -> t.axis() == inner) ? Port.stream(type) : Port.row(type);
    }

    private int port(Object what, Port port) {
        if (!read.contains(what)) {
            read.add(what);
            ports.add(port);
        }
        return read.indexOf(what);
    }
}
