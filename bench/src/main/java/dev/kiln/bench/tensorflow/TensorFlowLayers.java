package dev.kiln.bench.tensorflow;

import dev.kiln.bench.Constant;
import dev.kiln.bench.Layers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReadVariableOp;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TFloat32;

/// Layers over variables, channels last.
final class TensorFlowLayers implements Layers<Operand<TFloat32>> {
    /// A variable, what it begins with, and how its value becomes ours again.
    ///
    /// @param inOurs gives it our shape and order again
    record Variable(VarHandleOp handle, ReadVariableOp<TFloat32> value, Constant initial, Function<float[], Constant> inOurs) {}

    private final Ops ops;
    private final Iterator<Constant> weights;
    private final List<Variable> variables = new ArrayList<>();
    /// Channels, height and width of the image that was flattened last; none when it has been used.
    private int[] flattened = {};

    TensorFlowLayers(Ops ops, Iterator<Constant> weights) {
        this.ops = ops;
        this.weights = weights;
    }

    List<Variable> variables() {
        return variables;
    }

    @Override
    public Operand<TFloat32> dense(Operand<TFloat32> x) {
        Constant w = weights.next();
        Operand<TFloat32> matrix = flattened.length == 0
                ? variable(w, w.shape(), 0, 1)
                : variable(w, new int[] {flattened[0], flattened[1], flattened[2], w.extent(1)}, 1, 2, 0, 3);
        flattened = new int[] {};
        return bias(ops.linalg.matMul(x, matrix));
    }

    @Override
    public Operand<TFloat32> relu(Operand<TFloat32> x) {
        return ops.nn.relu(x);
    }

    @Override
    public Operand<TFloat32> conv(Operand<TFloat32> x) {
        Constant kernel = weights.next();
        return bias(ops.nn.conv2d(x, variable(kernel, kernel.shape(), 2, 3, 1, 0), List.of(1L, 1L, 1L, 1L), "SAME"));
    }

    @Override
    public Operand<TFloat32> pool(Operand<TFloat32> x) {
        return ops.nn.maxPool(x, ops.constant(new int[] {1, 2, 2, 1}), ops.constant(new int[] {1, 2, 2, 1}), "VALID");
    }

    @Override
    public Operand<TFloat32> flatten(Operand<TFloat32> x) {
        long[] shape = x.shape().asArray();
        flattened = new int[] {(int) shape[3], (int) shape[1], (int) shape[2]};
        return ops.reshape(x, ops.constant(new int[] {-1, flattened[0] * flattened[1] * flattened[2]}));
    }

    private Operand<TFloat32> bias(Operand<TFloat32> x) {
        Constant b = weights.next();
        return ops.nn.biasAdd(x, variable(b, b.shape(), 0));
    }

    /// @param split the shape of ours, perhaps with one axis seen as several
    /// @param order of those axes in the variable; the last stays, all others but four axes of a kernel become rows
    private Operand<TFloat32> variable(Constant ours, int[] split, int... order) {
        Constant moved = new Constant(ours.values(), split).permuted(order);
        int[] kept = ours.shape().length == split.length ? moved.shape() : ours.shape();
        var initial = new Constant(moved.values(), kept);
        var handle = ops.varHandleOp(TFloat32.class, TensorFlow.shape(initial), VarHandleOp.sharedName("variable" + variables.size()));
        var value = ops.readVariableOp(handle, TFloat32.class);
        variables.add(new Variable(handle, value, initial, now -> new Constant(new Constant(now, moved.shape()).permuted(Constant.inverse(order)).values(), ours.shape())));
        return value;
    }
}
