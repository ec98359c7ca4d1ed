package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import org.junit.jupiter.api.Test;

/// Time is a trip count: a loop over a thousand steps is as much code as one over ten, the loop of its gradient too.
class TimeTest {
    private static final Compiler COMPILER = Compiler.of(TimeTest.class.getClassLoader());

    /// Bytes of the jar but for its weights.
    private static int code(int time) {
        String text = """
                network Net() {
                  in x: f32[N, %d, 12]
                  y = x |> scan(LSTM(17))
                  mean_y[n, c] = mean(y[n, t, c] over t)
                  logits = mean_y |> Dense(3)
                  out p = softmax(logits)
                }
                train Net {
                  in label: i32[N]
                  loss cross_entropy(logits, label)
                  optimizer SGD(lr: 0.1)
                }
                """.formatted(time);
        return COMPILER.compile(new SourceFile("net.nn", text)).entries().values().stream().mapToInt(bytes -> bytes.length).sum();
    }

    /// Beside numbers that take more bytes, rows of a thousand steps may want tiles of one more height; cut into strips of equal length they want fewer.
    @Test
    void codeDoesNotGrowWithTime() {
        int ten = code(10);
        int hundred = code(100);
        int thousand = code(1000);
        assertTrue(thousand <= 1.05 * ten, thousand + " bytes beside " + ten);
        assertEquals(hundred, thousand, 0.05 * hundred);
    }
}
