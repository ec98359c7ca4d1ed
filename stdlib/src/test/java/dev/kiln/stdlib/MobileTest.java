package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import dev.kiln.testkit.Close;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The blocks of small networks.
class MobileTest {
    @Test
    void channelsAreWeighedByWhatIsSeenInAllOfThem() {
        var lab = Lab.of("network Net() { in x: f32[N, 5, 3, 2]  out y = x |> SqueezeExcite(2) }", 3);
        Array x = Lab.drawn(new Random(4), -2, 2, 2, 5, 3, 2);
        Array y = Array.zeros(x.shape());
        for (int n = 0; n < 2; n++) {
            double[] mean = new double[5];
            for (int c = 0; c < 5; c++) for (int i = 0; i < 3; i++) for (int j = 0; j < 2; j++) mean[c] += x.get(n, c, i, j) / 6;
            double[] few = layer(lab, "dense_1", mean, 2);
            for (int h = 0; h < 2; h++) few[h] = Math.max(few[h], 0);
            double[] gate = layer(lab, "dense_2", few, 5);
            for (int c = 0; c < 5; c++)
                for (int i = 0; i < 3; i++) for (int j = 0; j < 2; j++) y.data()[y.offset(n, c, i, j)] = x.get(n, c, i, j) / (1 + Math.exp(-gate[c]));
        }
        Close.assertClose("weighed", y, lab.predict(x));
    }

    private static double[] layer(Lab lab, String name, double[] from, int units) {
        Array w = lab.parameter(name + ".W");
        double[] to = new double[units];
        for (int o = 0; o < units; o++) {
            to[o] = lab.parameter(name + ".b").get(o);
            for (int i = 0; i < from.length; i++) to[o] += from[i] * w.get(i, o);
        }
        return to;
    }

    @Test
    void aBlockKeepsOrHalvesTheImage() {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, 4, H, W]
                  out kept = x |> InvertedResidual(4)
                  out half = x |> InvertedResidual(6, stride: 2, expand: 1)
                }
                """, 1);
        var predict = lab.entry("predict");
        assertEquals("f32[N, 4, H, W]", predict.output("kept").orElseThrow().value().type().toString());
        assertEquals("f32[N, 6, floor((H + 1) / 2), floor((W + 1) / 2)]", predict.output("half").orElseThrow().value().type().toString());
    }

    /// Only where the shape stays is the input added: with weights that let nothing through, the block is the identity there and zero elsewhere.
    @Test
    void theInputIsAddedWhereTheShapeStays() {
        var lab = Lab.of("network Net() { in x: f32[N, 3, 4, 5]  out y = x |> InvertedResidual(3)  out z = x |> InvertedResidual(2) }", 1);
        lab.parameters().replaceAll((name, p) -> name.endsWith("running_var") ? p : Array.zeros(p.shape()));
        Array x = Lab.drawn(new Random(4), -2, 2, 2, 3, 4, 5);
        var outputs = lab.run("predict", Map.of("x", x)).outputs();
        Close.assertClose("kept", x, outputs.get("y"));
        Close.assertClose("other channels", Array.zeros(2, 2, 4, 5), outputs.get("z"));
    }

    /// Sandler et al. 2018, as small as it goes: which of three colours is the bright one.
    @Test
    void theLossOfASmallNetworkFalls() {
        var compiled = Compiler.of(MobileTest.class.getClassLoader()).compile(new SourceFile("mobile.nn", """
                network Mobile() {
                  in image: f32[N, 3, 12, 12]
                  h = image |> Conv2d(8, stride: 2, pad: 1, bias: false) |> BatchNorm |> relu(max: 6) |> InvertedResidual(4, expand: 1)
                  k = h |> InvertedResidual(6, stride: 2, expand: 3) |> InvertedResidual(6, expand: 3) |> SqueezeExcite(2)
                  logits = k |> Conv2d(16, kernel: 1, bias: false) |> BatchNorm |> relu(max: 6) |> average_all |> Dense(3)
                  out logits
                }
                train Mobile { in label: i32[N]  loss cross_entropy(logits, label)  optimizer Adam(lr: 0.01) }
                """));
        var random = new Random(3);
        float[] pixels = new float[24 * 3 * 144];
        int[] labels = new int[24];
        for (int n = 0; n < 24; n++) {
            labels[n] = n % 3;
            for (int at = 0; at < 432; at++) pixels[n * 432 + at] = random.nextFloat() + (at / 144 == labels[n] ? 0.5f : 0);
        }
        Tensor image = Tensor.of(pixels, 24, 3, 12, 12);
        Tensor label = Tensor.of(labels, 24);
        double first = Double.NaN;
        double last = Double.NaN;
        try (var trainer = compiled.trainer(1, Options.defaults().threads(1).width(Width.W256).warm(Warm.NEVER))) {
            for (int step = 0; step < 40; step++) {
                last = trainer.step(image, label)[0].get();
                if (step == 0) first = last;
            }
        }
        assertTrue(last < 0.2 * first, "from %s to %s".formatted(first, last));
    }
}
