package dev.kiln.compiler.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// A sweep in two halves, of which the first runs a vector ahead of the second.
///
/// @param first   nodes of the first half, ascending
/// @param second  nodes of the second half, ascending; what both read is read by both
/// @param carried nodes of the first half that the second takes or stores
public record Ahead(List<Integer> first, List<Integer> second, List<Integer> carried) {
    static final Ahead NOTHING = new Ahead(List.of(), List.of(), List.of());

    /// Vector operations of a function that takes longer than what a processor finds to do meanwhile.
    private static final int LONG = 16;

    public boolean isEmpty() {
        return first.isEmpty();
    }

    /// The second half begins with the functions before which most long ones stand.
    static Ahead of(RowsBody body) {
        List<Node> nodes = body.nodes();
        List<Integer> needed = body.needed(0);
        var longs = new ArrayList<Integer>();
        for (Node node : nodes) longs.add(node.operands().stream().mapToInt(longs::get).max().orElse(0) + (isLong(node) ? 1 : 0));
        int most = needed.stream().mapToInt(longs::get).max().orElse(0);
        if (most < 2) return NOTHING;
        var first = new TreeSet<Integer>();
        for (int n : needed.reversed()) {
            boolean last = longs.get(n) == most && isLong(nodes.get(n));
            if (last || first.contains(n)) first.addAll(nodes.get(n).operands());
        }
        first.retainAll(needed);
        var second = new TreeSet<>(needed);
        second.removeAll(first);
        Set<Integer> taken = new HashSet<>();
        for (int n : second) taken.addAll(nodes.get(n).operands());
        for (Store store : body.stores()) taken.add(store.node());
        taken.retainAll(first);
        taken.stream().filter(n -> nodes.get(n) instanceof Node.Read).forEach(second::add);
        return new Ahead(List.copyOf(first), List.copyOf(second), taken.stream().filter(n -> !(nodes.get(n) instanceof Node.Read)).sorted().toList());
    }

    private static boolean isLong(Node node) {
        return node instanceof Node.Apply(var fn, _) && fn.operations() >= LONG;
    }
}
