package dev.kiln.bench;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import java.util.List;

/// Our training step.
final class KilnStep implements Contender {
    private final Lesson lesson;
    private final Trainer trainer;
    private final Tensor input;
    private final Tensor labels;

    KilnStep(Compiled compiled, int threads, Lesson lesson) {
        this.lesson = lesson;
        trainer = compiled.trainer(1, Options.defaults().threads(threads).warm(Warm.NOW));
        List<ParameterSpec> learned = learned();
        for (int i = 0; i < learned.size(); i++) trainer.weights().set(learned.get(i).name(), Tensor.of(lesson.weights().get(i).values(), lesson.weights().get(i).shape()));
        input = Tensor.of(lesson.input().values(), lesson.input().shape());
        labels = Tensor.of(lesson.labels().stream().mapToInt(l -> l).toArray(), lesson.labels().size());
    }

    private List<ParameterSpec> learned() {
        return trainer.weights().parameters().stream().filter(p -> p.role() == ParameterSpec.Role.WEIGHT).toList();
    }

    @Override
    public String name() {
        return "kiln " + width() + " bit";
    }

    @Override
    public Role role() {
        return Role.OURS;
    }

    @Override
    public int width() {
        return 32 * Width.preferred().lanes();
    }

    @Override
    public double flops() {
        return 0;
    }

    @Override
    public void run() {
        trainer.step(input, labels);
    }

    @Override
    public float[] output() {
        return lesson.moved(learned().stream().map(p -> new Constant(trainer.weights().get(p.name()).floats(), p.shapeArray())).toList());
    }

    @Override
    public void close() {
        trainer.close();
    }
}
