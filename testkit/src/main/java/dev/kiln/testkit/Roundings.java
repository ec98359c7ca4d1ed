package dev.kiln.testkit;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.CumSum;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.ScatterAdd;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;

/// A run in double in which every computed number is a float, and wrong by some roundings at random. How far its results scatter says what rounding may do to them (Parker, Monte Carlo arithmetic, 1997).
final class Roundings implements Env.Around {
    private static final double UNIT = 0x1p-24;
    private static final Set<Fn> EXACT = Set.of(Functions.FLOOR, Functions.ROUND, Functions.SIGN, Functions.ABS, Functions.NEG, Functions.MIN, Functions.MAX, Functions.SELECT);

    private static final double[] NONE = {0};

    private final Env world;
    private final Random random;
    private final double most;

    /// @param roundings how many roundings each number may be wrong by
    Roundings(Env world, long seed, double roundings) {
        this.world = world;
        this.random = new Random(seed);
        this.most = roundings * UNIT;
    }

    @Override
    public void computed(Value v, List<Array> operands, Array y) {
        if (v.type().dtype() != DType.f32 || !rounds(v)) return;
        double[] data = y.data();
        double[] passed = passed(v, operands);
        for (int i = 0; i < data.length; i++) data[i] = (float) (data[i] * (1 + wrong()) + passed[i % passed.length] * wrong());
        if (v.op() instanceof Var) spread(operands.getFirst(), data);
    }

    /// What the numbers between the first and the last term of a sum are like: the root of the sum of the squared terms, as for a walk of random steps. Each of them is rounded, so a sum that
    /// cancels is far more wrong than its own size says (Higham, Accuracy and Stability of Numerical Algorithms, 4.2). Operators that are linear in each operand give the squares of their
    /// terms for the squares of their operands.
    private double[] passed(Value v, List<Array> operands) {
        if (!(v.op() instanceof Sum || v.op() instanceof Contract || v.op() instanceof CumSum)) return NONE;
        var squares = operands.stream().map(x -> new Array(x.shape(), Arrays.stream(x.data()).map(e -> e * e).toArray())).toList();
        return Arrays.stream(v.op().evaluate(squares, world).data()).map(Math::sqrt).toArray();
    }

    private double wrong() {
        return most * (2 * random.nextDouble() - 1);
    }

    /// A variance is made of differences, each as wrong as the larger of its two parts.
    private void spread(Array x, double... variances) {
        double largest = 0;
        for (double value : x.data()) if (Double.isFinite(value)) largest = Math.max(largest, Math.abs(value));
        for (int i = 0; i < variances.length; i++) {
            double deviation = wrong() * largest;
            variances[i] = (float) (variances[i] + deviation * deviation + 2 * deviation * Math.sqrt(variances[i]));
        }
    }

    private static boolean rounds(Value v) {
        return switch (v.op()) {
            case Map m -> !EXACT.contains(m.fn());
            case Sum _, Contract _, Var _, CumSum _, ScatterAdd _, Const _ -> true;
            default -> false;
        };
    }

    @Override
    public Env world() {
        return world;
    }
}
