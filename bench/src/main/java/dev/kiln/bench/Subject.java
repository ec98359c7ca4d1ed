package dev.kiln.bench;

import dev.kiln.bench.onnx.OnnxModel;
import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Weights;
import dev.kiln.runtime.Width;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// A network of `bench/models` with weights and one input, as we compile it and as its peers get it.
final class Subject {
    private static final long SEED = 1;

    final Settings settings;
    private final String file;
    private final boolean exact;
    final Compiled compiled;
    final Weights weights;
    final Constant input;

    Subject(Settings settings, String file, int... inputShape) {
        this(settings, false, file, inputShape);
    }

    /// @param exact whether convolutions go without transforms
    Subject(Settings settings, boolean exact, String file, int... inputShape) {
        this.settings = settings;
        this.file = file;
        this.exact = exact;
        compiled = compile(exact ? compiler().exact() : compiler(), settings.root().resolve("bench/models").resolve(file));
        weights = compiled.weights(SEED);
        weights.parameters().stream().filter(p -> p.shape().size() == 1).forEach(this::stir);
        input = new Constant(random(Arrays.stream(inputShape).reduce(1, Math::multiplyExact), SEED + 1), inputShape);
    }

    /// Biases begin at zero and norms at one: then nobody would see one that is forgotten. Factors and variances stay around one, or deep networks fade.
    private void stir(ParameterSpec p) {
        float[] values = random(p.elements(), SEED);
        if (p.name().matches(".*\\.(gamma|gain|running_var)")) {
            for (int i = 0; i < values.length; i++) values[i] = 1 + values[i] / 2;
        }
        weights.set(p.name(), Tensor.of(values, p.shapeArray()));
    }

    /// The parameters that a training step moves, in the order of the text.
    List<Constant> learned() {
        return weights.parameters().stream().filter(p -> p.role() == ParameterSpec.Role.WEIGHT).map(p -> new Constant(weights.get(p.name()).floats(), p.shapeArray())).toList();
    }

    /// Ours, in training.
    Contender learner(Lesson lesson) {
        return new KilnStep(compiled, settings.threads(), lesson);
    }

    /// What an earlier version makes of the same file, in training.
    Optional<Contender> earlierLearner() {
        return settings.before().map(jars -> Earlier.step(jars, settings.root(), file, settings.threads(), input.shape()));
    }

    static Compiler compiler() {
        return Compiler.of(Subject.class.getClassLoader());
    }

    static Compiled compile(Path file) {
        return compile(compiler(), file);
    }

    private static Compiled compile(Compiler compiler, Path file) {
        try {
            return compiler.compile(read(file));
        } catch (ProblemsException e) {
            throw new BenchException(e.getMessage(), e);
        }
    }

    static SourceFile read(Path file) {
        try {
            return SourceFile.read(file);
        } catch (IOException e) {
            throw new BenchException(file + " cannot be read: " + e, e);
        }
    }

    /// Evenly from -1 to 1.
    static float[] random(int size, long seed) {
        var random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) random.nextDouble(-1, 1);
        return values;
    }

    /// Ours at the widest vectors of this machine, or at each width that it has, and what an earlier version makes of the same file.
    List<Contender> ours(double flops, boolean everyWidth, int... outputShape) {
        List<Contender> ours = new ArrayList<>();
        for (Width w : everyWidth ? widths() : List.of(Width.preferred())) ours.add(new KilnContender(compiled, weights, w, settings.threads(), flops, Tensor.of(input.values(), input.shape()), outputShape));
        settings.before().ifPresent(jars -> ours.add(Earlier.network(jars, settings.root(), file, exact, settings.threads(), flops, input.shape(), outputShape)));
        return ours;
    }

    static List<Contender> peaks() {
        return widths().stream().<Contender>map(w -> new Peak(32 * w.lanes())).toList();
    }

    /// Of vectors that this machine has, widest first.
    static List<Width> widths() {
        return Stream.of(Width.W512, Width.W256).filter(w -> Peak.has(32 * w.lanes())).toList();
    }

    /// ONNX Runtime with the same input.
    Contender onnx(Builder network, double flops, int... outputShape) {
        return onnx(network, flops, input, outputShape, y -> y);
    }

    /// @param inOurOrder brings a result into the order of ours, where the peer keeps another
    Contender onnx(Builder network, double flops, Constant peersInput, int[] outputShape, UnaryOperator<float[]> inOurOrder) {
        var model = new OnnxModel();
        var parameters = new Parameters(weights);
        OnnxModel.Value output = network.build(new Networks(model, parameters), model.input(anyBatch(peersInput.shape())));
        parameters.end();
        return new OnnxPeer(model.toBytes(output, anyBatch(outputShape)), settings.threads(), flops, peersInput.values(), peersInput.shape(), outputShape, inOurOrder);
    }

    /// What follows the input in a peer's graph.
    @FunctionalInterface
    interface Builder {
        OnnxModel.Value build(Networks networks, OnnxModel.Value input);
    }

    private static int[] anyBatch(int... shape) {
        int[] open = shape.clone();
        open[0] = -1;
        return open;
    }
}
