package dev.kiln.compiler.function;

import java.util.List;

/// A formula as a double.
@SuppressWarnings("ArrayRecordComponent")
record Evaluation(double[] x, double y, double dy) implements Formula.Builder<Double> {
    @Override
    public Double operand(int index) {
        return x[index];
    }

    @Override
    public Double result() {
        return y;
    }

    @Override
    public Double cotangent() {
        return dy;
    }

    @Override
    public Double literal(double value) {
        return value;
    }

    @Override
    public Double apply(Fn fn, List<Double> arguments) {
        return fn.apply(arguments.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
