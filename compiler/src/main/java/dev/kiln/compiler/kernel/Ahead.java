package dev.kiln.compiler.kernel;

import dev.kiln.compiler.kernel.RowsBody.Extent;
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
        List<Extent> extents = body.extents();
        List<Integer> needed = body.needed(0);
        var longs = new ArrayList<Integer>();
        for (int n = 0; n < nodes.size(); n++) longs.add(extents.get(n) == Extent.FULL ? nodes.get(n).operands().stream().mapToInt(longs::get).max().orElse(0) + (isLong(nodes.get(n)) ? 1 : 0) : 0);
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
        List<Integer> carried = taken.stream().filter(n -> !(nodes.get(n) instanceof Node.Read)).sorted().toList();
        return carried.isEmpty() ? NOTHING : new Ahead(List.copyOf(first), List.copyOf(second), carried);
    }

    private static boolean isLong(Node node) {
        return node instanceof Node.Apply(var fn, _) && fn.operations() >= LONG;
    }
}
