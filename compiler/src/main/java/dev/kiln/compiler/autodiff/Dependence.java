package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What depends on what through the steps of a loop: a state hands on to the next step, so both questions are asked until nothing is new.
final class Dependence {
    private Dependence() {}

    /// The values that depend on one of these ports, in this step or a later one.
    static Set<Value> varying(Body body, Collection<Value> ports) {
        var varies = new HashSet<>(ports);
        int before;
        do {
            before = varies.size();
            for (int i = 0; i < body.states().size(); i++) if (varies.contains(body.next().get(i))) varies.add(body.states().get(i));
            for (var v : body.graph().values()) if (passes(v) && v.op().operands().stream().anyMatch(varies::contains)) varies.add(v);
        } while (varies.size() > before);
        return varies;
    }

    /// The values that one of these ends depends on, in this step or an earlier one.
    static Set<Value> reaching(Body body, Collection<Value> ends) {
        var reaches = new HashSet<>(ends);
        int before;
        do {
            before = reaches.size();
            for (int i = 0; i < body.states().size(); i++) if (reaches.contains(body.states().get(i))) reaches.add(body.next().get(i));
            for (var v : body.graph().values().reversed()) if (reaches.contains(v) && passes(v)) reaches.addAll(v.op().operands());
        } while (reaches.size() > before);
        return reaches;
    }

    /// Nothing flows through a stop, or through what is no number with a derivative; a token hands on what flows into the results of its loop.
    private static boolean passes(Value v) {
        return !(v.op() instanceof StopGradient) && (v.type().dtype() == DType.f32 || v.op() instanceof Op.Control);
    }

    /// The positions at which `values` holds what `in` contains.
    static List<Integer> positions(List<Value> values, Set<Value> in) {
        var positions = new ArrayList<Integer>();
        for (int i = 0; i < values.size(); i++) if (in.contains(values.get(i)) && values.get(i).type().dtype() == DType.f32) positions.add(i);
        return positions;
    }
}
