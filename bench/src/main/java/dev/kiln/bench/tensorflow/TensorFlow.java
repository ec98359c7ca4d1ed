package dev.kiln.bench.tensorflow;

import dev.kiln.bench.Constant;
import java.util.Arrays;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.types.TFloat32;

/// What a graph and a training step share.
final class TensorFlow {
    private TensorFlow() {}

    static String name() {
        return "tensorflow " + org.tensorflow.TensorFlow.version();
    }

    static Session session(Graph graph, int threads) {
        return new Session(graph, ConfigProto.newBuilder().setIntraOpParallelismThreads(threads).setInterOpParallelismThreads(1).build());
    }

    static TFloat32 tensor(Constant c) {
        return TFloat32.tensorOf(shape(c), DataBuffers.of(c.values(), true, false));
    }

    static Operand<TFloat32> constant(Ops ops, Constant c) {
        return ops.constant(shape(c), DataBuffers.of(c.values(), true, false));
    }

    static Operand<TFloat32> door(Ops ops, Constant c) {
        return ops.placeholder(TFloat32.class, Placeholder.shape(shape(c)));
    }

    static Shape shape(Constant c) {
        return Shape.of(Arrays.stream(c.shape()).asLongStream().toArray());
    }
}
