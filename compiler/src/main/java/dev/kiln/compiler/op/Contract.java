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

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var y = Array.zeros(env.shape(type()));
        var reduced = reduced();
        var readA = new Reader(operands.get(0), ofA, axes.size());
        var readB = new Reader(operands.get(1), ofB, axes.size());
        var at = new int[axes.size()];
        int[] sums = reduced.stream().mapToInt(i -> Math.toIntExact(env.size(axes.get(i).extent()))).toArray();
        Cells.each(y.shape(), (o, flat) -> {
            for (int i = 0; i < o.length; i++) at[out.get(i)] = o[i];
            double[] sum = {0};
            Cells.each(sums, (r, _) -> {
                for (int i = 0; i < r.length; i++) at[reduced.get(i)] = r[i];
                int inA = readA.offset(at);
                int inB = inA < 0 ? -1 : readB.offset(at);
                if (inB >= 0) sum[0] += operands.get(0).data()[inA] * operands.get(1).data()[inB];
            });
            y.data()[flat] = sum[0];
        });
        return y;
    }

    @Override
    public String print(List<String> operands) {
        var kept = out.stream().map(i -> axes.get(i).name()).collect(Collectors.joining(", "));
        var sums = reduced().stream().map(i -> axes.get(i).name() + ":" + axes.get(i).extent()).collect(Collectors.joining(", "));
        return "contract[%s | %s](%s%s, %s%s)".formatted(kept, sums, operands.get(0), ofA.print(axes), operands.get(1), ofB.print(axes));
    }

    /// Where in an operand a point of the iteration space reads.
    private static final class Reader {
        private final int[] extents;
        private final int[] strides;
        private final int[][] axes;
        private final int[][] coefficients;
        private final int[] offsets;
        private final int[] divisors;

        Reader(Array x, Access access, int count) {
            extents = x.shape();
            strides = x.strides();
            axes = access.dims().stream().map(d -> IntStream.range(0, count).filter(i -> d.coefficient(i) != 0).toArray()).toArray(int[][]::new);
            coefficients = access.dims().stream().map(d -> d.axes().stream().mapToInt(d::coefficient).toArray()).toArray(int[][]::new);
            offsets = access.dims().stream().mapToInt(d -> d.offset()).toArray();
            divisors = access.dims().stream().mapToInt(d -> d.divisor()).toArray();
        }

        /// The position in the data, -1 where there is none.
        int offset(int[] at) {
            int offset = 0;
            for (int d = 0; d < extents.length; d++) {
                int index = offsets[d];
                for (int k = 0; k < axes[d].length; k++) index += coefficients[d][k] * at[axes[d][k]];
                if (index < 0 || index % divisors[d] != 0 || index / divisors[d] >= extents[d]) return -1;
                offset += index / divisors[d] * strides[d];
            }
            return offset;
        }
    }
}
