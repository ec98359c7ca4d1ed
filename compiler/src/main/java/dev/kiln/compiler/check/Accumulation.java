package dev.kiln.compiler.check;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.LinkedHashMap;
import java.util.Map;

/// Gradients of several batches for one update: the sum of each weight's gradients and their number outlive a run.
/// An entry that accumulates adds to them; the one that updates takes the mean with its own gradient and begins anew.
record Accumulation(Elaboration in) {
    private static final String COUNT = "gradient_count";

    /// What is remembered of a weight between runs of training.
    static Value memory(Elaboration in, Shared.Declared weight, String name, TensorType type) {
        var parameter = new Parameter(name, type, Parameter.Init.constant(0), false, Parameter.Role.OPTIMIZER_STATE);
        in.shared().parameters().putIfAbsent(name, new Shared.Declared(parameter, 0, false, weight.place()));
        return in.states().computeIfAbsent(name, n -> in.tensors().add(new Param(n, type)));
    }

    void add(Iterable<Shared.Declared> weights) {
        for (Shared.Declared d : weights) {
            in.updates().put(sum(d), in.tensors().map(Functions.ADD, waiting(d), gradient(d)));
            in.updates().put(COUNT, in.tensors().map(Functions.ADD, count(d), in.tensors().scalar(1)));
        }
    }

    Map<Shared.Declared, Value> means(Iterable<Shared.Declared> weights) {
        var means = new LinkedHashMap<Shared.Declared, Value>();
        for (Shared.Declared d : weights) {
            var shape = d.parameter().type().shape();
            Value batches = in.tensors().map(Functions.ADD, count(d), in.tensors().scalar(1));
            means.put(d, in.tensors().map(Functions.DIV, in.tensors().map(Functions.ADD, waiting(d), gradient(d)), in.tensors().trailing(batches, shape)));
            in.updates().put(sum(d), in.tensors().fill(0, DType.f32, shape));
            in.updates().put(COUNT, in.tensors().scalar(0));
        }
        return means;
    }

    private static String sum(Shared.Declared d) {
        return d.parameter().name() + ".gradient_sum";
    }

    private Value gradient(Shared.Declared d) {
        return in.tensors().add(new Gradient(d.parameter().name(), d.parameter().type()));
    }

    private Value waiting(Shared.Declared d) {
        return memory(in, d, sum(d), d.parameter().type());
    }

    private Value count(Shared.Declared d) {
        return memory(in, d, COUNT, TensorType.scalar(DType.f32));
    }
}
