package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import org.junit.jupiter.api.Test;

/// A network may have more steps than one method can choose from.
class LongChainTest {
    @Test
    void sevenHundredLayersRun() {
        var compiled = Compiler.of(LongChainTest.class.getClassLoader()).compile(new SourceFile("chain.nn", """
                layer Flip()(x: f32[N, C]) -> f32[N, C] {
                  param W: f32[C, C] init 0
                  return x @ W
                }

                network Chain {
                  in x: f32[N, 2]
                  out y = x%s
                }
                """.formatted(" |> Flip".repeat(700))));
        var weights = compiled.weights(1);
        weights.parameters().forEach(p -> weights.set(p.name(), Tensor.of(new float[] {0, 1, -1, 0}, 2, 2)));
        try (var network = compiled.network(weights, Options.defaults().warm(Warm.NEVER).width(Width.W1))) {
            // a quarter turn, 700 times: as often as brings everything back
            assertArrayEquals(new float[] {3, 5}, network.predict(Tensor.of(new float[] {3, 5}, 1, 2))[0].floats());
        }
    }
}
