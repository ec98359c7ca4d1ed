package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// A reduction of one operand over some axes, which its result has not.
interface OverAxes extends Op.Reduction {
    Value x();

    List<Integer> axes();

    @Override
    default TensorType type() {
        return x().type().withShape(Fit.without(x().type().shape(), axes()));
    }

    @Override
    default List<Value> operands() {
        return List.of(x());
    }

    @Override
    default String attributes() {
        return Ops.axes(axes());
    }
}
