package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.compiler.check.TrainingSpec;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.reference.Interpreter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The network of the language's first page.
class DigitsTest {
    private static final String DIGITS = """
            /// Handwritten digits.
            network Digits(classes: int = 10, width: int = 16) {
              in image: f32[N, 1, 28, 28]

              features = image
                |> Conv2d(width, pad: same) |> BatchNorm |> relu |> MaxPool2d(2)
                |> Conv2d(2 * width, pad: same) |> BatchNorm |> relu |> MaxPool2d(2)
                |> flatten
              logits = features |> Dense(64) |> relu |> Dropout(0.5) |> Dense(classes)

              out logits
              out probability = softmax(logits)
            }

            train Digits {
              in label: i32[N]
              loss cross_entropy(logits, label)
              metric accuracy(logits, label)
              optimizer AdamW(lr: cosine(peak: 1e-3, steps: 2_000, warmup: 100), weight_decay: 1e-4)
              epochs 15
              validate 0.1
              data csv("data/digits.csv.gz", batch: 64) { label = column(0)  image = columns(1..784) / 255 }
            }
            """;

    @Test
    void fourEntriesShareOneSetOfParameters() {
        Checked.Model model = Lab.check(DIGITS).models().getFirst();
        assertEquals(List.of("predict", "sample", "train", "evaluate"), model.program().entries().stream().map(Entry::name).toList());
        assertEquals(List.of("N"), model.program().dims());
        assertEquals(
                List.of("features.conv2d_1.K", "features.conv2d_1.b", "features.batch_norm_1.gamma", "features.batch_norm_1.beta", "features.batch_norm_1.running_mean", "features.batch_norm_1.running_var",
                        "features.conv2d_2.K", "features.conv2d_2.b", "features.batch_norm_2.gamma", "features.batch_norm_2.beta", "features.batch_norm_2.running_mean", "features.batch_norm_2.running_var",
                        "logits.dense_1.W", "logits.dense_1.b", "logits.dense_2.W", "logits.dense_2.b"),
                model.program().parameters().all().stream().filter(p -> p.role() != Parameter.Role.OPTIMIZER_STATE).map(Parameter::name).toList());
        assertFalse(model.program().parameters().find("features.batch_norm_1.gamma").orElseThrow().decay());
        assertTrue(model.program().parameters().find("features.conv2d_1.K").orElseThrow().decay());
    }

    @Test
    void predictHasNoChanceAndOneContractionALayer() {
        Entry predict = Lab.check(DIGITS).models().getFirst().program().entry("predict").orElseThrow();
        assertEquals(4, predict.live().stream().filter(v -> v.op() instanceof Contract).count());
        assertEquals(2, predict.live().stream().filter(v -> v.op() instanceof WindowMax).count());
        assertEquals(0, predict.live().stream().filter(v -> v.op().spec().name().equals("random")).count());
        assertEquals(List.of("logits", "probability"), predict.outputs().stream().map(Output::name).toList());
    }

    @Test
    void trainingIsKeptAsData() {
        TrainingSpec spec = Lab.check(DIGITS).models().getFirst().training().orElseThrow();
        assertEquals(15, spec.epochs());
        assertEquals(0.1, spec.validate());
        assertEquals(List.of("accuracy"), spec.metrics());
        assertEquals(new Columns.At(0), spec.data().orElseThrow().inputs().get("label"));
        assertEquals(new Columns.Arithmetic("/", new Columns.Range(1, 784), new Columns.Constant(255)), spec.data().orElseThrow().inputs().get("image"));
    }

    @Test
    void theLossFalls() {
        var lab = Lab.of("""
                network Small() { in x: f32[N, 1, 6, 6]  logits = x |> Conv2d(3) |> BatchNorm |> relu |> MaxPool2d(2) |> flatten |> Dense(3)  out probability = softmax(logits) }
                train Small { in label: i32[N]  loss cross_entropy(logits, label)  metric accuracy(logits, label)  optimizer Adam(lr: 0.05) }
                """, 5);
        Entry train = GraphCheck.verify(Differentiate.of(lab.entry("train")));
        var random = new Random(3);
        Array x = Lab.drawn(random, -1, 1, 9, 1, 6, 6);
        Array label = new Array(new int[] {9}, random.ints(9, 0, 3).asDoubleStream().toArray());
        Map<String, Array> parameters = new HashMap<>(lab.parameters());
        double first = Double.NaN;
        double last = Double.NaN;
        for (int step = 1; step <= 30; step++) {
            var run = Interpreter.run(train, Map.of("x", x, "label", label, "step", Array.scalar(step)), parameters, 1, step);
            parameters.putAll(run.updates());
            last = run.scalar("loss");
            if (step == 1) first = last;
        }
        assertTrue(last < 0.2 * first, "from %s to %s".formatted(first, last));
    }
}
