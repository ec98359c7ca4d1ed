package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The one contraction: matrix products, convolutions, average pools, attention and all their gradients.
/// `y[out..] = Σ over the other axes of a[ofA] * b[ofB]`; reads outside an operand are zero.
/// @param axes the axes of the iteration space; accesses and `out` name them by number
/// @param out  the axes of the result, in its order
public record Contract(Value a, Value b, List<Axis> axes, Access ofA, Access ofB, List<Integer> out) implements Op.Contraction {
    public static final Spec SPEC = ContractSamples.SPEC;

    public Contract {
        axes = List.copyOf(axes);
        out = List.copyOf(out);
        Fit.dtype("contract", a, DType.f32);
        Fit.dtype("contract", b, DType.f32);
        Fit.sameRank("contract", "indices", ofA.dims().size(), a);
        Fit.sameRank("contract", "indices", ofB.dims().size(), b);
        Fit.require(new HashSet<>(out).size() == out.size(), "contract: an axis stands twice in the result %s", out);
        for (int axis = 0; axis < axes.size(); axis++)
            Fit.require(ofA.reads(axis) || ofB.reads(axis), "contract: axis %s is read by no operand", axes.get(axis).name());
        for (var access : List.of(ofA, ofB))
            for (var index : access.dims())
                for (int axis : index.axes()) Fit.require(axis >= 0 && axis < axes.size(), "contract: axis %d of %d", axis, axes.size());
        for (int axis : out) Fit.require(axis >= 0 && axis < axes.size(), "contract: axis %d of %d", axis, axes.size());
    }

    /// The axes summed over, ascending.
    public List<Integer> reduced() {
        return Fit.others(axes.size(), out);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return a.type().withShape(out.stream().map(i -> axes.get(i).extent()).toList());
    }

    @Override
    public List<Value> operands() {
        return List.of(a, b);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Contract(operands.get(0), operands.get(1), axes, ofA, ofB, out);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(ContractGradient.ofA(g, this, dy), ContractGradient.ofB(g, this, dy));
    }

    /// Bilinear: each operand moves while the other stands still.
    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return Ops.add(g, g.add(withOperands(List.of(dx.get(0), b))), g.add(withOperands(List.of(a, dx.get(1)))));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var y = Array.zeros(env.shape(type()));
        int[] extents = axes.stream().mapToInt(axis -> Math.toIntExact(env.size(axis.extent()))).toArray();
        int[] kept = out.stream().mapToInt(i -> i).toArray();
        int[] summed = reduced().stream().mapToInt(i -> i).toArray();
        var readA = Laid.out(operands.get(0), ofA, extents);
        var readB = Laid.out(operands.get(1), ofB, extents);
        int[] baseA = readA.positions(readA.origin(), kept, extents);
        int[] baseB = readB.positions(readB.origin(), kept, extents);
        int[] stepA = readA.positions(0, summed, extents);
        int[] stepB = readB.positions(0, summed, extents);
        var sums = new Sums(readA.data(), baseA, stepA, readB.data(), baseB, stepB, y.data());
        int blocks = (y.data().length + Sums.BLOCK - 1) / Sums.BLOCK;
        var each = IntStream.range(0, blocks);
        ((long) y.data().length * stepA.length > Sums.MANY ? each.parallel() : each).forEach(sums::block);
        return y;
    }

    /// Each result is one sum in the order of the axes, however many are formed side by side.
    @SuppressWarnings("ArrayRecordComponent")
    private record Sums(double[] a, int[] baseA, int[] stepA, double[] b, int[] baseB, int[] stepB, double[] y) {
        static final int BLOCK = 64;
        static final int ROW = 7;
        static final long MANY = 1 << 20;

        void block(int block) {
            int end = Math.min(y.length, (block + 1) * BLOCK);
            for (int o = block * BLOCK; o < end; ) {
                int run = run(o, end);
                if (run >= ROW) row(o, run);
                else if (o + 4 <= end) four(o);
                else one(o);
                o += run >= ROW ? run : o + 4 <= end ? 4 : 1;
            }
        }

        /// How many results from `o` on read `a` and `b` side by side, or the same place of one of them.
        private int run(int o, int end) {
            if (o + 1 == end) return 1;
            int ofA = baseA[o + 1] - baseA[o];
            int ofB = baseB[o + 1] - baseB[o];
            if (ofA < 0 || ofA > 1 || ofB < 0 || ofB > 1) return 1;
            int run = 2;
            while (o + run < end && baseA[o + run] == baseA[o] + run * ofA && baseB[o + run] == baseB[o] + run * ofB) run++;
            return run;
        }

        private void row(int o, int run) {
            var sum = new double[run];
            boolean movesA = baseA[o + 1] > baseA[o];
            boolean movesB = baseB[o + 1] > baseB[o];
            if (movesA && movesB) both(sum, baseA[o], baseB[o]);
            else if (movesA) scaled(sum, a, baseA[o], stepA, b, baseB[o], stepB);
            else scaled(sum, b, baseB[o], stepB, a, baseA[o], stepA);
            System.arraycopy(sum, 0, y, o, run);
        }

        private void both(double[] sum, int ofA, int ofB) {
            for (int r = 0; r < stepA.length; r++)
                for (int i = 0; i < sum.length; i++) sum[i] += a[ofA + stepA[r] + i] * b[ofB + stepB[r] + i];
        }

        /// Four terms while a sum is at hand, added one after the other.
        private static void scaled(double[] sum, double[] x, int ofX, int[] stepX, double[] by, int ofBy, int[] stepBy) {
            int r = 0;
            for (; r + 4 <= stepX.length; r += 4)
                scaled(sum, x, ofX + stepX[r], by[ofBy + stepBy[r]], ofX + stepX[r + 1], by[ofBy + stepBy[r + 1]], ofX + stepX[r + 2], by[ofBy + stepBy[r + 2]], ofX + stepX[r + 3], by[ofBy + stepBy[r + 3]]);
            for (; r < stepX.length; r++)
                for (int i = 0; i < sum.length; i++) sum[i] += x[ofX + stepX[r] + i] * by[ofBy + stepBy[r]];
        }

        private static void scaled(double[] sum, double[] x, int x0, double b0, int x1, double b1, int x2, double b2, int x3, double b3) {
            for (int i = 0; i < sum.length; i++) sum[i] = sum[i] + x[x0 + i] * b0 + x[x1 + i] * b1 + x[x2 + i] * b2 + x[x3 + i] * b3;
        }

        private void one(int o) {
            double sum = 0;
            for (int r = 0; r < stepA.length; r++) sum += a[baseA[o] + stepA[r]] * b[baseB[o] + stepB[r]];
            y[o] = sum;
        }

        private void four(int o) {
            int a0 = baseA[o], a1 = baseA[o + 1], a2 = baseA[o + 2], a3 = baseA[o + 3];
            int b0 = baseB[o], b1 = baseB[o + 1], b2 = baseB[o + 2], b3 = baseB[o + 3];
            double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int r = 0; r < stepA.length; r++) {
                int ar = stepA[r];
                int br = stepB[r];
                s0 += a[a0 + ar] * b[b0 + br];
                s1 += a[a1 + ar] * b[b1 + br];
                s2 += a[a2 + ar] * b[b2 + br];
                s3 += a[a3 + ar] * b[b3 + br];
            }
            y[o] = s0;
            y[o + 1] = s1;
            y[o + 2] = s2;
            y[o + 3] = s3;
        }
    }

    @Override
    public String print(List<String> operands) {
        var kept = out.stream().map(i -> axes.get(i).name()).collect(Collectors.joining(", "));
        var sums = reduced().stream().map(i -> axes.get(i).name() + ":" + axes.get(i).extent()).collect(Collectors.joining(", "));
        return "contract[%s | %s](%s%s, %s%s)".formatted(kept, sums, operands.get(0), ofA.print(axes), operands.get(1), ofB.print(axes));
    }
}
