package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Values that depend on the weights alone: an entry that does not train computes them once for each version of its weights. A loop runs in every call, whatever it reads.
final class Prepared {
    /// Those of a list of values.
    /// @param live operands before users
    static Set<Value> of(List<Value> live, Given given) {
        var constant = new HashSet<Value>();
        var prepared = new HashSet<Value>();
        for (var v : live) {
            if (v.op() instanceof Op.Control || v.op() instanceof Op.Result || !v.type().shape().stream().allMatch(d -> d.isConstant())) continue;
            if (v.op() instanceof Const) constant.add(v);
            else if (given.isWeight(v)) prepared.add(v);
            else if (!v.op().operands().isEmpty() && v.op().operands().stream().allMatch(o -> prepared.contains(o) || constant.contains(o)))
                (v.op().operands().stream().anyMatch(prepared::contains) ? prepared : constant).add(v);
        }
        return prepared;
    }

    private Prepared() {}
}
