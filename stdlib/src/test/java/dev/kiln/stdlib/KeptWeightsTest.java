package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import dev.kiln.runtime.Width;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A network of a jar keeps what its calls read; what was prepared is not kept twice, and nobody sees that.
class KeptWeightsTest {
    private static final Options QUIET = Options.defaults().width(Width.W256).warm(Warm.NEVER);
    private static final String TEXT = """
            network Net {
              in x: f32[N, 160, 4, 3]
              logits = x |> Scaled |> Conv2d(256, kernel: 3, pad: 1, bias: false) |> BatchNorm |> relu |> Conv2d(17, kernel: 1) |> flatten |> Dense(3)
              out logits
            }
            layer Scaled()(x: f32[N, C, H, W]) -> f32[N, C, H, W] {
              param scale: f32[C] init 1
              y[n, c, h, w] = x[n, c, h, w] * scale[c]
              return y
            }
            train Net { in label: i32[N]  loss cross_entropy(logits, label)  optimizer SGD(0.1, mu: 0.9) }
            """;

    @TempDir
    private Path folder;

    @Test
    void weightsThatArePreparedNeedNotStay() throws IOException {
        Compiled compiled = Compiler.of(KeptWeightsTest.class.getClassLoader()).compile(new SourceFile("net.nn", TEXT));
        Weights weights = compiled.weights(3);
        Path jar = folder.resolve("net.jar");
        compiled.writeJar(jar, weights, false);
        var random = new Random(5);
        for (int n : new int[] {1, 3}) {
            float[] x = new float[n * 160 * 12];
            for (int i = 0; i < x.length; i++) x[i] = random.nextFloat() - 0.5f;
            Tensor in = Tensor.of(x, n, 160, 4, 3);
            Tensor label = Tensor.of(new int[n], n);
            try (Network whole = compiled.network(weights.copy(), QUIET); Network part = Network.open(jar, QUIET)) {
                assertArrayEquals(whole.predict(in)[0].floats(), part.predict(in)[0].floats(), 0);
                assertArrayEquals(whole.evaluate(in, label)[0].floats(), part.evaluate(in, label)[0].floats(), 0, "other entries have all weights");
                assertArrayEquals(whole.predict(in)[0].floats(), part.predict(in)[0].floats(), 0);
                Weights again = part.weights();
                assertTrue(weights.parameters().stream().anyMatch(again.parameters()::contains));
                for (var p : weights.parameters()) if (again.parameters().contains(p)) assertArrayEquals(weights.get(p.name()).floats(), again.get(p.name()).floats(), p.name());
                assertNotSame(part.weights(), part.weights(), "the jar is read for who asks: the network keeps a part");
            }
        }
    }
}
