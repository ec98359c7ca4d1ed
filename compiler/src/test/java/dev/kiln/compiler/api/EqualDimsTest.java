package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ShapeException;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Two dims that some statement needs to be equal: the door checks them in the author's words, and the code works on one size.
class EqualDimsTest {
    private static final Options OPTIONS = Options.defaults().threads(1).width(Width.W128).warm(Warm.NEVER);
    private static final String PAIR = """
            fn half(x: f32[H]) -> f32[floor(H / 2)] {
              y[i < floor(H / 2)] = x[2*i]
              return y
            }
            fn apart(x: f32[A], y: f32[A]) -> f32[A] { return x - y }
            fn rows(x: f32[R.., 1], y: f32[R.., 1]) -> f32[R.., 1] { return x - y }

            network Pair {
              in a: f32[N]
              in b: f32[M]
              %s
              out y
            }
            """;

    private static Compiled compile(String text) {
        return Compiler.of(ClassLoader.getPlatformClassLoader()).compile(new SourceFile("pair.nn", text));
    }

    private static Tensor count(int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) values[i] = i + 1;
        return Tensor.of(values, size);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            y = 3*a - b                                        | 11:7  | 3*a - b                   | N == M
            y = apart(2*a, a) + 0*b                            | 11:7  | apart(2*a, a) + 0*b       | N == M
            y = apart(3*a, b)                                  | 11:18 | b                         | N == M
            y = 0 * a + 2 * (a @ b) / sum(a) * a               | 0     |                           | N == M
            y[i] = 3*a[i] - b[i]                               | 11:21 | i                         | N == M
            y = reshape(rows(reshape(3*a, N, 1), reshape(b, M, 1)), N) | 0 | | N == M
            """)
    void namesOfOneSizeAreHeldTogetherAtTheDoor(String statement, String place, String text, String relation) {
        Compiled compiled = compile(PAIR.formatted(statement));
        try (Network network = compiled.network(compiled.weights(1), OPTIONS)) {
            for (int n : new int[] {1, 2, 15, 16, 17}) assertEquals(n, network.predict(count(n), count(n))[0].size());
            assertEquals(statement.contains("apart(2*a") ? 3 : statement.contains("@") ? 14 : 6, network.predict(count(3), count(3))[0].get(2), 1e-5);
            String said = assertThrows(ShapeException.class, () -> network.predict(count(3), count(5))).getMessage();
            String end = " needs " + relation + " (N = 3, M = 5)";
            if (text == null) assertEquals(end, said.substring(said.length() - end.length()));
            else assertEquals("predict: pair.nn:" + place + ": `" + text + "`" + end, said);
        }
    }

    @Test
    void oneSizeMayFollowFromTheOther() {
        Compiled compiled = compile(PAIR.formatted("y = half(a) + b"));
        try (Network network = compiled.network(compiled.weights(1), OPTIONS)) {
            assertArrayEquals(new float[] {2, 5, 8}, network.predict(count(7), count(3))[0].floats());
            assertEquals("predict: pair.nn:11:7: `half(a) + b` needs floor(N / 2) == M (N = 7, M = 4)", assertThrows(ShapeException.class, () -> network.predict(count(7), count(4))).getMessage());
        }
    }

    @Test
    void whatNoNameCanStandForIsRefused() {
        for (String statement : new String[] {"y = half(a) - half(b)", "y = (a + b) + concat(a, b)"}) {
            var checking = Compiler.of(ClassLoader.getPlatformClassLoader()).check(new SourceFile("pair.nn", PAIR.formatted(statement)));
            assertEquals("ShapeMismatch", checking.problems().all().getFirst().code(), statement);
        }
    }

    @Test
    void labelsOfAnotherNameTrain() {
        Compiled compiled = compile("""
                optimizer Descent(lr: float)(w: f32[S..], g: f32[S..]) { w' = w - lr * g }
                network Line {
                  in x: f32[N, 2]
                  param W: f32[2] init 1
                  out y = x @ W
                }
                train Line {
                  in wanted: f32[K]
                  loss mean((y - wanted)^2)
                  optimizer Descent(lr: 0.1)
                }
                """);
        try (Trainer trainer = compiled.trainer(1, OPTIONS)) {
            Tensor x = Tensor.of(new float[] {1, 0, 0, 1, 1, 1}, 3, 2);
            assertEquals(2f / 3, trainer.step(x, Tensor.of(new float[] {2, 1, 3}, 3))[0].get(), 1e-6);
            assertEquals("train: pair.nn:9:14: `y - wanted` needs N == K (N = 3, K = 2)", assertThrows(ShapeException.class, () -> trainer.step(x, count(2))).getMessage());
        }
    }
}
