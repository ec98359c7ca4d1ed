package dev.kiln.compiler.schedule;

import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The finest axes of which two shapes with the same elements in the same order are both made.
/// @param first for each dim of the first shape the axes it consists of, slowest first; `second` likewise
record Factors(List<Dim> extents, List<List<Integer>> first, List<List<Integer>> second) {

    static Optional<Factors> of(List<Dim> from, List<Dim> to) {
        var extents = new ArrayList<Dim>();
        var first = new ArrayList<List<Integer>>();
        var second = new ArrayList<List<Integer>>();
        for (int i = 0; i < from.size(); i++) first.add(new ArrayList<>());
        for (int i = 0; i < to.size(); i++) second.add(new ArrayList<>());
        int i = from.size() - 1;
        int j = to.size() - 1;
        var left = Dim.ONE;
        var right = Dim.ONE;
        while (true) {
            while (left.is(1) && i >= 0) left = from.get(i--);
            while (right.is(1) && j >= 0) right = to.get(j--);
            if (left.is(1) || right.is(1)) break;
            Dim common;
            if (left.exactDiv(right).isPresent()) common = right;
            else if (right.exactDiv(left).isPresent()) common = left;
            else return Optional.empty();
            first.get(i + 1).addFirst(extents.size());
            second.get(j + 1).addFirst(extents.size());
            extents.add(common);
            left = left.exactDiv(common).orElseThrow();
            right = right.exactDiv(common).orElseThrow();
        }
        return left.is(1) && right.is(1) ? Optional.of(new Factors(extents, first, second)) : Optional.empty();
    }

    /// A storage seen from the factors: each factor moves as its share of the dim it belongs to.
    Storage split(Storage s, List<Term> dims, List<List<Integer>> parts) {
        var strides = new Dim[extents.size()];
        java.util.Arrays.fill(strides, Dim.ZERO);
        var base = s.base();
        int panelAxis = -1;
        for (int d = 0; d < dims.size(); d++) {
            var term = dims.get(d);
            base = base.plus(s.strides().get(d).times(term.offset()));
            if (term.axis() < 0) continue;
            var share = s.strides().get(d).times(term.coefficient());
            var own = parts.get(term.axis());
            if (d == s.panelAxis() && own.size() > 1) throw new IllegalStateException("a panelled axis cannot be split");
            if (d == s.panelAxis()) panelAxis = own.isEmpty() ? -1 : own.getFirst();
            for (int k = own.size() - 1; k >= 0; k--) {
                strides[own.get(k)] = strides[own.get(k)].plus(share);
                share = share.times(extents.get(own.get(k)));
            }
        }
        return new Storage(s.buffer(), base, List.of(strides), List.of(), panelAxis, s.panelStride(), Storages.none(extents.size()));
    }
}
