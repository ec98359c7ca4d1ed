package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.Golden;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every stage makes of `Conv2d |> BatchNorm |> relu`, forward and backward.
class StagesTest {
    private static final SourceFile CELL = new SourceFile("cell.nn", """
            network Cell(width: int = 5) {
              in image: f32[N, 3, 8, 8]
              out y = image |> Conv2d(width, pad: same) |> BatchNorm |> relu
            }

            train Cell {
              loss mean(y * y)
              optimizer SGD(lr: 0.1)
            }
            """);

    private static String dump(String stage) {
        return Compiler.of(StagesTest.class.getClassLoader()).dump(CELL, Optional.empty(), stage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "differentiate", "simplify", "normalise", "group", "layout", "schedule", "memory"})
    void stagePrintsWhatItMade(String stage) {
        Golden.assertGolden("stages/" + stage + ".txt", dump(stage));
    }

    /// The norm is folded into the weights once, the bias starts the tile and relu ends it: prediction is one contraction and the doors.
    @Test
    void predictionIsOneContraction() {
        var predict = dump("schedule").lines().takeWhile(l -> !l.startsWith("kernels")).filter(l -> l.matches("\\d+ .*")).toList();
        assertEquals(1, predict.stream().filter(l -> l.contains("contract")).count(), String.join("\n", predict));
        assertTrue(dump("schedule").contains("BiasRelu"));
        assertEquals(2, predict.stream().filter(l -> l.matches("\\d+ map .*")).count(), "only the folding of the weights is pointwise: " + predict);
    }
}
