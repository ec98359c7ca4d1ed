package dev.kiln.cli.train;

import dev.kiln.cli.train.HealthReport.Activation;
import dev.kiln.cli.train.HealthReport.Weight;
import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.study.Health;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Weights;
import java.util.ArrayList;
import java.util.List;

/// Looks at a network while it trains, through a batch that it does not learn from. It is compiled code of its own beside the trainer's.
public final class HealthCheck implements AutoCloseable {
    private final Health health;
    private final List<String> doors;
    private final Weights weights;
    private final Network network;

    /// @param program as the compiler's check gives it
    public HealthCheck(Compiler compiler, Program program, SourceFile source, Options options) {
        health = Health.of(program);
        doors = health.program().entries().getFirst().inputs().stream().map(v -> ((Input) v.op()).name()).toList();
        Compiled compiled = compiler.compile(health.program(), source);
        weights = compiled.weights(0);
        network = compiled.network(weights, options);
    }

    /// How the trainer's network does at its next step.
    /// @param inputs as [Trainer#step] takes them
    public HealthReport examine(Trainer trainer, Tensor... inputs) {
        for (ParameterSpec parameter : weights.parameters()) {
            weights.set(parameter.name(), trainer.weights().get(parameter.name()));
        }
        List<Tensor> given = new ArrayList<>(List.of(inputs));
        if (doors.contains("step")) {
            given.add(doors.indexOf("step"), Tensor.of(new float[] {trainer.steps() + 1}));
        }
        Tensor[] told = network.sample(trainer.seed(), given.toArray(Tensor[]::new));
        List<Weight> moved = new ArrayList<>();
        for (int i = 0; i < health.weights().size(); i++) {
            String name = health.weights().get(i);
            moved.add(new Weight(name, trainer.weights().get(name).floats().length, norm(told, 1 + 6 * i), norm(told, 3 + 6 * i), norm(told, 5 + 6 * i)));
        }
        List<Activation> bent = new ArrayList<>();
        for (int i = 0; i < health.activations().size(); i++) {
            Health.Probe probe = health.activations().get(i);
            float[] values = told[1 + 6 * moved.size() + i].floats();
            bent.add(probe.units() ? dead(probe.where(), values) : new Activation.Squashing(probe.where(), values[0]));
        }
        return new HealthReport(moved, bent);
    }

    /// Of the greatest element and the sum of squares measured by it.
    private static double norm(Tensor[] told, int at) {
        return told[at].floats()[0] * Math.sqrt(told[at + 1].floats()[0]);
    }

    private static Activation dead(String where, float... slopes) {
        int dead = 0;
        for (float slope : slopes) {
            dead += slope < Health.FLAT ? 1 : 0;
        }
        return new Activation.Rectifier(where, dead, slopes.length);
    }

    @Override
    public void close() {
        network.close();
    }
}
