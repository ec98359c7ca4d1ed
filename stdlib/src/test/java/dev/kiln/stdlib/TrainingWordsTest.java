package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `accumulate` and `average`, through kernels.
class TrainingWordsTest {
    private static final Compiler COMPILER = Compiler.of(TrainingWordsTest.class.getClassLoader());
    private static final Options OPTIONS = Options.defaults().threads(1).warm(Warm.NEVER);

    private static Trainer trainer(String words) {
        return trainer("", words);
    }

    private static Trainer trainer(String layer, String words) {
        Compiled compiled = COMPILER.compile(new SourceFile("net.nn", """
                network Net {
                  in x: f32[N, 3]
                  out y = x |> Dense(17) |> tanh %s |> Dense(2)
                }
                train Net {
                  in t: f32[N, 2]
                  loss mse(y, t)
                  optimizer SGD(lr: 0.1, mu: 0.9)
                  %s
                }
                """.formatted(layer, words)));
        return compiled.trainer(5, OPTIONS);
    }

    private static Tensor[] rows(int from, int to) {
        float[] x = new float[(to - from) * 3];
        float[] t = new float[(to - from) * 2];
        for (int r = from; r < to; r++) {
            var random = new Random(r);
            for (int i = 0; i < 3; i++) x[(r - from) * 3 + i] = random.nextFloat();
            for (int i = 0; i < 2; i++) t[(r - from) * 2 + i] = random.nextFloat();
        }
        return new Tensor[] {Tensor.of(x, to - from, 3), Tensor.of(t, to - from, 2)};
    }

    private static float[] weight(Trainer trainer) {
        return trainer.copy().get("y.dense_1.W").floats();
    }

    @Test
    void anUpdateFollowsTheMeanOfWhatWaits() {
        try (Trainer parts = trainer("accumulate 3"); Trainer whole = trainer("")) {
            for (int step = 0; step < 3; step++) {
                parts.accumulate(rows(9 * step, 9 * step + 3));
                parts.accumulate(rows(9 * step + 3, 9 * step + 6));
                assertEquals(2, parts.waiting());
                parts.step(rows(9 * step + 6, 9 * step + 9));
                whole.step(rows(9 * step, 9 * step + 9));
            }
            assertEquals(0, parts.waiting());
            assertEquals(3, parts.steps());
            assertArrayEquals(weight(whole), weight(parts), 1e-5f);
        }
    }

    @Test
    void nothingMovesWhileGradientsWait() {
        try (Trainer trainer = trainer("accumulate 2")) {
            float[] before = weight(trainer);
            trainer.accumulate(rows(0, 4));
            assertArrayEquals(before, weight(trainer));
        }
    }

    @Test
    void masksOfAccumulatedBatchesDiffer() {
        try (Trainer trainer = trainer("|> Dropout(0.5)", "accumulate 4")) {
            float first = trainer.accumulate(rows(0, 4))[0].get();
            float second = trainer.accumulate(rows(0, 4))[0].get();
            assertEquals(false, first == second);
        }
    }

    @Test
    void withoutTheWordThereIsNothingToAccumulate() {
        try (Trainer trainer = trainer("")) {
            var problem = assertThrows(IllegalStateException.class, () -> trainer.accumulate(rows(0, 4)));
            assertEquals("Net was not compiled to accumulate gradients; say `accumulate 2` or more in its train block", problem.getMessage());
        }
    }

    @Test
    void averagesFollowTheWeightsAndAreWhatIsScored(@TempDir Path folder) {
        try (Trainer averaged = trainer("average 0.9"); Trainer plain = trainer("")) {
            float[] expected = null;
            for (int step = 1; step <= 30; step++) {
                averaged.step(rows(step, step + 4));
                plain.step(rows(step, step + 4));
                float[] now = weight(plain);
                assertArrayEquals(now, averaged.weights().get("y.dense_1.W").floats(), "averages do not change the way");
                double kept = Math.min(0.9, (step - 1) / (step + 9.0));
                if (step == 1) expected = new float[now.length];
                for (int i = 0; i < now.length; i++) expected[i] = (float) (kept * expected[i] + (1 - kept) * now[i]);
            }
            assertArrayEquals(expected, weight(averaged), 1e-5f);
            float scored = averaged.evaluate(rows(0, 8))[0].get();
            Path file = folder.resolve("averages.safetensors");
            averaged.copy().tensors(false, Map.of()).write(file);
            plain.load(file);
            assertEquals(plain.evaluate(rows(0, 8))[0].get(), scored);
        }
    }

    @Test
    void aSavedStateKnowsWhatWaits(@TempDir Path folder) {
        Path file = folder.resolve("state.safetensors");
        try (Trainer first = trainer("|> Dropout(0.5)", "accumulate 3  average 0.9"); Trainer second = trainer("|> Dropout(0.5)", "accumulate 3  average 0.9")) {
            first.step(rows(0, 4));
            first.accumulate(rows(4, 8));
            first.save(file);
            second.load(file);
            assertEquals(1, second.waiting());
            for (Trainer trainer : new Trainer[] {first, second}) {
                trainer.accumulate(rows(8, 12));
                trainer.step(rows(12, 16));
            }
            assertEquals(Arrays.toString(weight(first)), Arrays.toString(weight(second)));
        }
    }

    /// Two steps: the second reads other rows than the first. Momentum would go on moving the first ones, had they not been told to rest.
    @Test
    void rowsThatNothingReadsRest() {
        for (String layer : List.of("SparseEmbedding", "Embedding")) {
            Compiled compiled = COMPILER.compile(new SourceFile("net.nn", """
                    network Net {
                      in x: i32[N]
                      out y = x |> %s(7, 17)
                    }
                    train Net {
                      in t: f32[N, 17]
                      loss mse(y, t)
                      optimizer AdamW(lr: 0.1, weight_decay: 0.1)
                    }
                    """.formatted(layer)));
            try (Trainer trainer = compiled.trainer(5, OPTIONS)) {
                Tensor target = Tensor.of(new float[2 * 17], 2, 17);
                String table = trainer.copy().parameters().getFirst().name();
                float[] begin = trainer.copy().get(table).floats();
                trainer.step(Tensor.of(new int[] {1, 4}, 2), target);
                float[] first = trainer.copy().get(table).floats();
                trainer.step(Tensor.of(new int[] {4, 6}, 2), target);
                float[] second = trainer.copy().get(table).floats();
                boolean rests = layer.equals("SparseEmbedding");
                assertEquals(rests, Arrays.equals(begin, 0, 17, second, 0, 17), layer + ": row 0 was never read");
                assertEquals(rests, Arrays.equals(first, 17, 34, second, 17, 34), layer + ": row 1 was read by the first step alone");
                assertNotEquals(begin[17], first[17], layer);
                assertNotEquals(first[4 * 17], second[4 * 17], layer);
            }
        }
    }
}
