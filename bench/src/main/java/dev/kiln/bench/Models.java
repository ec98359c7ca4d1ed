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
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// The networks of `bench/models`, each as we compile it and as peers read it, with the same weights and inputs.
final class Models {
    private static final long SEED = 1;
    private static final int CONV_CHANNELS = 64;
    private static final int CONV_SIZE = 56;
    private static final double CONV_FLOPS = 2.0 * 9 * CONV_CHANNELS * CONV_CHANNELS * CONV_SIZE * CONV_SIZE;

    private Models() {}

    /// 512 x 512 times a constant 512 x 512.
    static List<Contender> gemm(Settings settings) {
        int n = 512;
        var model = new Prepared(settings, "gemm.nn", 2.0 * n * n * n, new int[] {n, n}, new int[] {n, n});
        byte[] onnx = new OnnxModel(-1, n).matMul(model.weight(n, n), n, n).toBytes(-1, n);
        return model.contenders(onnx, true);
    }

    /// 3x3, 64 channels to 64, 56x56, one image, each in the order it likes best: ours channels last, the peer's channels first.
    static List<Contender> conv(Settings settings) {
        int c = CONV_CHANNELS;
        int size = CONV_SIZE;
        var model = new Prepared(settings, "conv.nn", CONV_FLOPS, new int[] {1, size, size, c}, new int[] {1, size, size, c});
        float[] channelsFirst = transposed(model.input, size * size, c);
        var peer = new OnnxPeer(conv(model), settings.threads(), CONV_FLOPS, channelsFirst, new int[] {1, c, size, size}, new int[] {1, c, size, size}, y -> transposed(y, c, size * size));
        return model.contenders(peer, true);
    }

    /// The same with channels first at both doors, as a caller of the library's layer sees it.
    static List<Contender> convNchw(Settings settings) {
        int[] shape = {1, CONV_CHANNELS, CONV_SIZE, CONV_SIZE};
        var model = new Prepared(settings, "conv_nchw.nn", CONV_FLOPS, shape, shape);
        return model.contenders(conv(model), true);
    }

    private static byte[] conv(Prepared model) {
        int c = CONV_CHANNELS;
        return new OnnxModel(-1, c, CONV_SIZE, CONV_SIZE).conv(model.weight(c, c, 3, 3), model.weight(c), c, c, 3, 1).toBytes(-1, c, CONV_SIZE, CONV_SIZE);
    }

    /// A matrix of rows x columns as columns x rows.
    private static float[] transposed(float[] matrix, int rows, int columns) {
        float[] result = new float[matrix.length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) result[j * rows + i] = matrix[i * columns + j];
        }
        return result;
    }

    static List<Contender> mlp(Settings settings, int batch) {
        int[] sizes = {784, 512, 256, 10};
        double flops = 0;
        for (int i = 1; i < sizes.length; i++) flops += 2.0 * batch * sizes[i - 1] * sizes[i];
        var model = new Prepared(settings, "mlp.nn", flops, new int[] {batch, sizes[0]}, new int[] {batch, sizes[3]});
        var onnx = new OnnxModel(-1, sizes[0]);
        for (int i = 1; i < sizes.length; i++) {
            onnx.gemm(model.weight(sizes[i - 1], sizes[i]), model.weight(sizes[i]), sizes[i - 1], sizes[i]);
            if (i < sizes.length - 1) onnx.relu();
        }
        return model.contenders(onnx.softmax().toBytes(-1, sizes[3]), false);
    }

    static Compiled compile(Path file) {
        try {
            return Compiler.of(Models.class.getClassLoader()).compile(SourceFile.read(file));
        } catch (IOException e) {
            throw new BenchException(file + " cannot be read: " + e, e);
        } catch (ProblemsException e) {
            throw new BenchException(e.getMessage(), e);
        }
    }

    /// Evenly from -1 to 1.
    static float[] random(int size, long seed) {
        var random = new SplittableRandom(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (float) random.nextDouble(-1, 1);
        return values;
    }

    /// A compiled network with weights, an input, and what the peers need of it.
    private static final class Prepared {
        private final Settings settings;
        private final Compiled compiled;
        private final Weights weights;
        private final double flops;
        private final int[] inputShape;
        private final int[] outputShape;
        private final float[] input;

        Prepared(Settings settings, String file, double flops, int[] inputShape, int[] outputShape) {
            this.settings = settings;
            this.flops = flops;
            this.inputShape = inputShape;
            this.outputShape = outputShape;
            compiled = compile(settings.root().resolve("bench/models").resolve(file));
            weights = compiled.weights(SEED);
            // biases begin at zero: then nobody would see one that is forgotten
            weights.parameters().stream().filter(p -> p.shape().size() == 1).forEach(p -> weights.set(p.name(), Tensor.of(random(p.elements(), SEED), p.shapeArray())));
            input = random(Arrays.stream(inputShape).reduce(1, Math::multiplyExact), SEED + 1);
        }

        /// The only parameter of this shape.
        float[] weight(int... shape) {
            List<ParameterSpec> found = weights.parameters().stream().filter(p -> Arrays.equals(p.shapeArray(), shape)).toList();
            if (found.size() != 1) throw new BenchException(found.size() + " parameters have shape " + Arrays.toString(shape));
            return weights.get(found.getFirst().name()).floats();
        }

        List<Contender> contenders(byte[] onnx, boolean peaks) {
            return contenders(new OnnxPeer(onnx, settings.threads(), flops, input, inputShape, outputShape, y -> y), peaks);
        }

        /// Ours, the peer and, where it is asked for, ours and the peak at each width that this machine has.
        List<Contender> contenders(Contender peer, boolean peaks) {
            List<Contender> all = new ArrayList<>();
            List<Width> widths = peaks ? Stream.of(Width.W512, Width.W256).filter(w -> Peak.has(32 * w.lanes())).toList() : List.of(Width.preferred());
            widths.forEach(w -> all.add(new KilnContender(compiled, weights, w, settings.threads(), flops, Tensor.of(input, inputShape), outputShape)));
            all.add(peer);
            if (peaks) widths.forEach(w -> all.add(new Peak(32 * w.lanes())));
            return all;
        }
    }
}
