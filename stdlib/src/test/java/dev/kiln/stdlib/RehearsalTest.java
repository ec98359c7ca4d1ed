package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.EntryCode;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every kernel of every entry can be called on nothing but zeros, as many as the entry asks for.
class RehearsalTest {
    @ParameterizedTest
    @ValueSource(strings = {
            "in x: f32[N, 3, 12, 10]  logits = x |> Conv2d(32, kernel: 5, stride: 2, pad: 2) |> BatchNorm |> relu |> BasicBlock(32) |> Conv2d(33, pad: same) |> MaxPool2d(2) |> Conv2d(34, stride: 2, pad: 1) |> flatten |> Dense(300) |> relu |> Dense(130) |> Dropout(0.5) |> Dense(3)  out logits",
            "in x: f32[N, 3, 9, 7]  logits = x |> Conv2d(5, stride: 2, pad: 1, bias: false) |> BatchNorm |> relu(max: 6) |> InvertedResidual(5, expand: 2) |> InvertedResidual(8, stride: 2, expand: 3) |> SqueezeExcite(4) |> AvgPool2d(2) |> average_all |> Dense(3)  out logits",
            "in x: i32[N, T]  h = x |> Embedding(11, 20) |> scan(LSTM(17)) |> LayerNorm |> gelu  m[n, c] = mean(h[n, t, c] over t)  logits = m |> Dense(3)  out logits  out p = softmax(logits)"})
    void kernelsTouchNothingButTheirZeros(String network) throws ReflectiveOperationException {
        var compiled = Compiler.of(getClass().getClassLoader()).compile(new SourceFile("net.nn", "network Net { " + network + " }\ntrain Net { in label: i32[N]  loss cross_entropy(logits, label)  optimizer AdamW(lr: 0.01)  clip norm 1 }"));
        for (EntryCode entry : EntryCodes.of(compiled)) rehearse(entry);
    }

    private static void rehearse(EntryCode code) {
        assertEquals(code.steps(), code.rehearsals().length);
        var numbers = new TreeSet<Integer>();
        for (int[] kernels : code.rehearsals()) for (int kernel : kernels) numbers.add(kernel);
        assertFalse(numbers.isEmpty());
        assertEquals(IntStream.range(0, numbers.size()).boxed().toList(), numbers.stream().toList());
        for (var width : Width.values())
            for (int rehearsal : numbers) {
                rehearse(code, width, rehearsal, -3, new float[0]);
                for (int way = 0; way < 2; way++) rehearse(code, width, rehearsal, way, new float[code.rehearsalFloats()]);
            }
    }

    /// Idle calls touch no array at all.
    private static void rehearse(EntryCode code, Width width, int rehearsal, int way, float[] zeros) {
        try {
            code.rehearse(width, rehearsal, zeros, way);
        } catch (IndexOutOfBoundsException e) {
            throw new AssertionError("%s, kernel %d at %s, way %d: %s".formatted(code.name(), rehearsal, width, way, Arrays.toString(e.getStackTrace())), e);
        }
    }
}
