package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// What kept values apart while an entry was grouped; the last word on a pair counts.
final class Refusals {
    private record Pair(Value from, Value reader) {}

    private final Map<Pair, Apart> rules = new HashMap<>();
    private final Map<Value, Apart> ends = new HashMap<>();

    /// `reader` is not computed with those of its reads that `other` computes.
    void add(Value reader, List<View> reads, Cluster other, Apart rule) {
        for (var read : reads) if (other.contains(read.base())) rules.put(new Pair(read.base(), reader), rule);
    }

    /// Nothing more is computed with the contraction whose result this is.
    void ends(Value result, Apart rule) {
        ends.put(result, rule);
    }

    /// Every value that one group makes and another reads, with its rule.
    List<Boundary> boundaries(List<Group> groups) {
        var home = new HashMap<Value, Group>();
        for (var group : groups) for (var member : group.members()) home.put(member, group);
        var boundaries = new LinkedHashSet<Boundary>();
        for (var group : groups)
            for (var member : group.members())
                for (var operand : member.op().operands()) {
                    var from = View.of(operand).base();
                    var maker = home.get(from);
                    if (maker != null && !maker.equals(group)) boundaries.add(new Boundary(from, member, rule(maker, group, new Pair(from, member))));
                }
        return new ArrayList<>(boundaries);
    }

    private Apart rule(Group maker, Group reader, Pair pair) {
        if (!(reader instanceof Group.Rows)) return Apart.WHOLE_OPERAND;
        if (maker instanceof Group.Rows) return rules.getOrDefault(pair, Apart.OTHER_AXES);
        return ends.getOrDefault(pair.from, Apart.WHOLE_RESULT);
    }
}
