package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Results are written where the caller wants them, and nowhere else.
class OutputsTest {
    private static final String TWO = """
            network Two {
              in x: f32[N, 32]
              out product = x |> Dense(32, bias: false)
              out share = softmax(product)
              out few = x |> Dense(5)
            }
            """;

    private static SourceFile source(String text) {
        return new SourceFile("outputs.nn", text);
    }

    private static Compiled compile(String text) {
        return Compiler.of(OutputsTest.class.getClassLoader()).compile(source(text));
    }

    private static Network network(Compiled compiled, Width width) {
        return compiled.network(compiled.weights(1), Options.defaults().warm(Warm.NEVER).width(width));
    }

    private static float[] ramp(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = (i % 13 - 6) / 7f;
        return values;
    }

    @Test
    void whatAKernelWritesRowMajorIsNotCopied() {
        var steps = Compiler.of(OutputsTest.class.getClassLoader()).dump(source(TWO), Optional.empty(), "schedule");
        assertFalse(steps.contains("out product"), steps);
        assertFalse(steps.contains("out share"), steps);
        assertTrue(steps.contains("copy of contract"), "whole vectors do not fit into rows of 5: " + steps);
    }

    @ParameterizedTest
    @EnumSource(Width.class)
    void nothingIsWrittenAroundAResult(Width width) {
        int rows = 7;
        float[] x = ramp(rows * 32);
        try (var network = network(compile(TWO), width)) {
            Tensor[] expected = network.predict(Tensor.of(x, rows, 32));
            int[] columns = {32, 32, 5};
            var out = new Tensor[3];
            float[][] arrays = new float[3][];
            for (int i = 0; i < 3; i++) {
                arrays[i] = new float[rows * columns[i] + 9];
                Arrays.fill(arrays[i], -77);
                out[i] = Tensor.at(4, arrays[i], rows, columns[i]);
            }
            network.predictInto(new Tensor[] {Tensor.of(x, rows, 32)}, out);
            for (int i = 0; i < 3; i++) {
                int end = 4 + rows * columns[i];
                assertArrayEquals(expected[i].floats(), Arrays.copyOfRange(arrays[i], 4, end));
                for (int at = 0; at < arrays[i].length; at++) if (at < 4 || at >= end) assertTrue(arrays[i][at] == -77, "place " + at + " of output " + i);
            }
        }
    }

    @Test
    void aResultMayLieInTheArrayOfAnInput() {
        float[] x = ramp(5 * 32);
        try (var network = network(compile("network One {\n  in x: f32[N, 32]\n  out y = x |> Dense(32)\n}\n"), Width.W1)) {
            float[] expected = network.predict(Tensor.of(x.clone(), 5, 32))[0].floats();
            Tensor both = Tensor.of(x, 5, 32);
            network.predictInto(new Tensor[] {both}, new Tensor[] {both});
            assertArrayEquals(expected, x);
        }
    }

    /// The exponentials stay in the result's place between the sweeps of a softmax.
    @ParameterizedTest
    @EnumSource(Width.class)
    void aSoftmaxOfAnyWidthIsTheSame(Width width) {
        for (int columns : new int[] {1, 15, 16, 17, 37}) {
            var compiled = compile("network Share {\n  in x: f32[N, %d]\n  out y = softmax(x)\n}\n".formatted(columns));
            float[] x = ramp(3 * columns);
            try (var network = network(compiled, width); var scalar = network(compiled, Width.W1)) {
                float[] y = network.predict(Tensor.of(x, 3, columns))[0].floats();
                assertArrayEquals(scalar.predict(Tensor.of(x, 3, columns))[0].floats(), y);
                for (int row = 0; row < 3; row++) {
                    double mass = 0;
                    for (int j = 0; j < columns; j++) mass += Math.exp(x[row * columns + j]);
                    for (int j = 0; j < columns; j++) assertTrue(Math.abs(y[row * columns + j] - Math.exp(x[row * columns + j]) / mass) < 1e-6);
                }
            }
        }
    }
}
