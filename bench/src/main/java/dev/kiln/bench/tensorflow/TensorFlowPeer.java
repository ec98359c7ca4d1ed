package dev.kiln.bench.tensorflow;

import dev.kiln.bench.Constant;
import dev.kiln.bench.Peer;
import java.util.function.BiFunction;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.FusedBatchNorm;
import org.tensorflow.types.TFloat32;

/// A TensorFlow graph with constant weights, one input and one output.
public final class TensorFlowPeer extends Peer {
    private final Graph graph = new Graph();
    private final Session session;
    private final TFloat32 input;
    private final Operand<TFloat32> door;
    private final Operand<TFloat32> result;
    private float[] output = new float[0];

    private TensorFlowPeer(int threads, double flops, Constant input, BiFunction<Ops, Operand<TFloat32>, Operand<TFloat32>> network) {
        super(TensorFlow.name(), flops);
        this.input = TensorFlow.tensor(input);
        Ops ops = Ops.create(graph);
        door = TensorFlow.door(ops, input);
        result = network.apply(ops, door);
        session = TensorFlow.session(graph, threads);
    }

    /// `x·w`.
    public static TensorFlowPeer product(int threads, double flops, Constant input, Constant w) {
        return new TensorFlowPeer(threads, flops, input, (ops, x) -> ops.linalg.matMul(x, TensorFlow.constant(ops, w)));
    }

    /// With the statistics of the batch, channels last.
    public static TensorFlowPeer batchNorm(int threads, Constant input, Constant gamma, Constant beta) {
        return new TensorFlowPeer(threads, 0, input, (ops, x) -> {
            var none = TensorFlow.constant(ops, new Constant(new float[0], 0));
            return ops.nn.fusedBatchNorm(x, TensorFlow.constant(ops, gamma), TensorFlow.constant(ops, beta), none, none, FusedBatchNorm.isTraining(true), FusedBatchNorm.epsilon(1e-5f)).y();
        });
    }

    @Override
    public void run() {
        try (var results = session.runner().feed(door, input).fetch(result).run()) {
            TFloat32 y = (TFloat32) results.get(0);
            if (output.length == 0) output = new float[Math.toIntExact(y.size())];
            y.asRawTensor().data().asFloats().read(output);
        }
    }

    @Override
    public float[] output() {
        return output.clone();
    }

    @Override
    public void close() {
        input.close();
        session.close();
        graph.close();
    }
}
