package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.rewrite.Simplify;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Simplifying makes contractions fewer, never more.
class ProductsTest {
    static Stream<Named<CompiledNetworksTest.Case>> networks() {
        return CompiledNetworksTest.networks();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void simplifyingAddsNone(CompiledNetworksTest.Case c) {
        for (var entry : Differentiate.of(Lab.check(c.text()).models().getFirst().program()).entries()) {
            long before = products(entry.live());
            long after = products(Simplify.of(entry).live());
            assertTrue(after <= before, () -> "%s has %d contractions, and %d when it is simplified".formatted(entry.name(), before, after));
        }
    }

    /// A layer of an encoder has six matrix products with weights and two without; the one in front of its gelu is read twice.
    @Test
    void anEncoderHasEightOfThem() {
        var predict = Lab.of("network Net { in x: f32[N, 6, 8]  out y = x |> EncoderBlock(2, 16) |> EncoderBlock(2, 16) }", 1).entry("predict");
        assertEquals(2 * 8, products(Simplify.of(predict).live()));
    }

    private static long products(List<Value> live) {
        return live.stream().mapToLong(v -> switch (v.op()) {
            case Contract _ -> 1;
            case BodyLoop loop -> products(loop.body().graph().reachable(loop.body().ends()));
            default -> 0;
        }).sum();
    }
}
