package dev.kiln.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Tensor;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.junit.GradientCheck;
import dev.kiln.testkit.junit.Kiln;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The doors for a user's own tests, as docs/gradients.md shows them.
class OwnGradientsTest {
    private static final Compiler COMPILER = Compiler.of(OwnGradientsTest.class.getClassLoader());

    @GradientCheck(value = "own.nn", wrt = ModelCheck.Wrt.ALL, tries = 2, bind = "N=3")
    void gradientsAreRight(ModelReport report) {
        assertFalse(report.failed());
        assertTrue(report.smooth() > 0, report::counts);
    }

    /// Networks of the library's layers and one of our own, beside a seed of ours.
    @Property(tries = 10)
    void everyChainHasRightGradients(@ForAll("chains") String network, @ForAll("seeds") long seed) {
        var program = COMPILER.check(new SourceFile("drawn.nn", network)).checked().models().getFirst().program();
        ModelReport report = ModelCheck.check(program, ModelCheck.Settings.usual(seed), _ -> {});
        assertFalse(report.failed(), () -> report.failure().orElseThrow().blame().toString());
    }

    @Provide
    Arbitrary<String> chains() {
        return Kiln.networks(Arbitraries.of("bend", "tanh", "Dense(4)", "LayerNorm")).map(text -> "fn bend(x: f32[S..]) -> f32[S..] = x / (1 + abs(x))\n" + text);
    }

    @Provide
    Arbitrary<Long> seeds() {
        return Kiln.seeds();
    }

    @Property(tries = 50)
    void aRaggedBatchIsZeroBehindItsRows(@ForAll("batches") Kiln.Ragged batch) {
        int time = batch.values().shape()[1];
        int[] lengths = batch.lengths().ints();
        float[] values = batch.values().floats();
        for (int i = 0; i < values.length; i++) if (i % time >= lengths[i / time]) assertEquals(0, values[i]);
    }

    @Provide
    Arbitrary<Kiln.Ragged> batches() {
        return Combinators.combine(Kiln.sizes(5), Kiln.sizes(9)).flatAs((rows, time) -> Kiln.ragged(Kiln.values(), rows, time, 1));
    }

    @Property(tries = 50)
    void aTensorHasItsShape(@ForAll("tensors") Tensor tensor) {
        int size = 1;
        for (int n : tensor.shape()) size *= n;
        assertEquals(size, tensor.floats().length);
    }

    @Provide
    Arbitrary<Tensor> tensors() {
        return Kiln.tensors(Kiln.shapes(0, 3, 9), Kiln.values());
    }

    @Property(tries = 20)
    void idsLieBelowTheirBound(@ForAll("ids") Tensor ids) {
        assertTrue(List.of(0, 1, 2).containsAll(Arrays.stream(ids.ints()).boxed().toList()));
    }

    @Provide
    Arbitrary<Tensor> ids() {
        return Kiln.ids(3, 2, 5);
    }
}
