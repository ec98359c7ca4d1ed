package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Map;
import java.util.OptionalDouble;

/// Patterns that several themes look for.
final class Match {
    private Match() {}

    /// The number that every element of `v` is, if it is a constant.
    static OptionalDouble number(Value v) {
        var source = v.op() instanceof Broadcast b ? b.x() : v;
        return source.op() instanceof Const c && c.type().isScalar() ? OptionalDouble.of(c.data().getFirst()) : OptionalDouble.empty();
    }

    static boolean is(Value v, double number) {
        var found = number(v);
        return found.isPresent() && found.getAsDouble() == number;
    }

    /// The operator of `v` when it is `fn` of something, else null.
    static Op map(Value v, Fn fn) {
        return v.op() instanceof Map m && m.fn().equals(fn) ? m : null;
    }
}
