package dev.kiln.bench.tensorflow;

import dev.kiln.bench.Constant;
import dev.kiln.bench.Layers;
import dev.kiln.bench.Lesson;
import dev.kiln.bench.Peer;
import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.train.ResourceApplyGradientDescent;
import org.tensorflow.types.TFloat32;

/// One step of gradient descent as a TensorFlow graph.
public final class TensorFlowStep extends Peer {
    private final Lesson lesson;
    private final Graph graph = new Graph();
    private final Session session;
    private final List<TensorFlowLayers.Variable> variables;
    private final List<Op> updates = new ArrayList<>();
    private final Operand<TFloat32> inputDoor;
    private final Operand<TFloat32> targetDoor;
    private final Operand<TFloat32> loss;
    private final TFloat32 input;
    private final TFloat32 targets;

    public TensorFlowStep(int threads, Lesson lesson, Layers.Network network) {
        super(TensorFlow.name(), 0);
        this.lesson = lesson;
        Constant batch = lesson.input().shape().length == 4 ? lesson.input().permuted(0, 2, 3, 1) : lesson.input();
        input = TensorFlow.tensor(batch);
        targets = TensorFlow.tensor(lesson.targets());
        Ops ops = Ops.create(graph);
        inputDoor = TensorFlow.door(ops, batch);
        targetDoor = TensorFlow.door(ops, lesson.targets());
        var layers = new TensorFlowLayers(ops, lesson.weights().iterator());
        Operand<TFloat32> logits = network.logits(layers, inputDoor);
        variables = layers.variables();
        loss = ops.math.mean(ops.nn.softmaxCrossEntropyWithLogits(logits, targetDoor).loss(), ops.constant(0));
        var gradients = ops.gradients(loss, variables.stream().map(TensorFlowLayers.Variable::value).toList());
        var begin = new ArrayList<Op>();
        for (int i = 0; i < variables.size(); i++) {
            var v = variables.get(i);
            begin.add(ops.assignVariableOp(v.handle(), TensorFlow.constant(ops, v.initial())));
            updates.add(ResourceApplyGradientDescent.create(ops.scope(), v.handle(), ops.constant(lesson.rate()), gradients.<TFloat32>dy(i)));
        }
        session = TensorFlow.session(graph, threads);
        begin.forEach(session::run);
    }

    @Override
    public void run() {
        var runner = session.runner().feed(inputDoor, input).feed(targetDoor, targets).fetch(loss);
        updates.forEach(runner::addTarget);
        runner.run().close();
    }

    @Override
    public float[] output() {
        var now = new ArrayList<Constant>();
        for (var v : variables) {
            try (var results = session.runner().fetch(v.value()).run()) {
                float[] values = new float[v.initial().values().length];
                ((TFloat32) results.get(0)).asRawTensor().data().asFloats().read(values);
                now.add(v.inOurs().apply(values));
            }
        }
        return lesson.moved(now);
    }

    @Override
    public void close() {
        input.close();
        targets.close();
        session.close();
        graph.close();
    }
}
