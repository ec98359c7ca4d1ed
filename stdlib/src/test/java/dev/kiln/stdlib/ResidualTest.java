package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Residual blocks are the chains of the paper's figures beside their shortcut: written out of convolutions and norms, with the same weights.
class ResidualTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "BasicBlock(4) ; Conv2d(4, pad: 1, bias: false) |> BatchNorm |> relu |> Conv2d(4, pad: 1, bias: false) |> BatchNorm ; x",
        "BasicBlock(3, stride: 2) ; Conv2d(3, stride: 2, pad: 1, bias: false) |> BatchNorm |> relu |> Conv2d(3, pad: 1, bias: false) |> BatchNorm ; x |> Conv2d(3, kernel: 1, stride: 2, bias: false) |> BatchNorm",
        "Bottleneck(1) ; Conv2d(1, kernel: 1, bias: false) |> BatchNorm |> relu |> Conv2d(1, pad: 1, bias: false) |> BatchNorm |> relu |> Conv2d(4, kernel: 1, bias: false) |> BatchNorm ; x",
        "Bottleneck(2, stride: 2) ; Conv2d(2, kernel: 1, bias: false) |> BatchNorm |> relu |> Conv2d(2, stride: 2, pad: 1, bias: false) |> BatchNorm |> relu |> Conv2d(8, kernel: 1, bias: false) |> BatchNorm ; x |> Conv2d(8, kernel: 1, stride: 2, bias: false) |> BatchNorm"})
    void aBlockIsAChainBesideItsShortcut(String block, String chain, String shortcut) {
        var lab = Lab.of("network Net() { in x: f32[N, 4, 7, 5]  out y = x |> %s }".formatted(block), 3);
        var parts = Lab.of("network Net() { in x: f32[N, 4, 7, 5]  z = x |> %s  out y = relu(z + (%s)) }".formatted(chain, shortcut), 4);
        var weights = List.copyOf(lab.parameters().values());
        int[] next = {0};
        parts.parameters().replaceAll((name, w) -> {
            Array same = weights.get(next[0]++);
            assertArrayEquals(w.shape(), same.shape(), name);
            return same;
        });
        Array x = Lab.drawn(new Random(1), -1, 1, 2, 4, 7, 5);
        Close.assertClose(block, parts.predict(x), lab.predict(x));
    }
}
