package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.type.Dim;

/// Floating-point operations as formulas of the dims; a multiplication and an addition are two, a function of one element is one.
public final class Operations {
    private Operations() {}

    public static Dim of(Value value) {
        return switch (value.op()) {
            case Contract c -> c.axes().stream().map(axis -> axis.extent()).reduce(Dim.of(2), Dim::times);
            case WindowMax w -> value.type().size().times(w.slides().stream().mapToLong(slide -> slide.kernel()).reduce(1, Math::multiplyExact));
            case BodyLoop loop -> loop.body().graph().values().stream().map(Operations::of).reduce(Dim.ZERO, Dim::plus).times(loop.time());
            case Op.Pointwise _ -> value.type().size();
            case Op.Reduction r -> r.operands().stream().map(x -> x.type().size()).reduce(Dim.ZERO, Dim::plus);
            default -> Dim.ZERO;
        };
    }
}
