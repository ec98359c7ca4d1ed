package dev.kiln.compiler.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// At inference `relu(batchnorm(conv(x) + bias))` is one contraction with folded weights, one addition and one maximum.
class BatchNormFoldingTest {
    private final Graph g = new Graph();
    private final Dim n = Dim.variable("N");

    @Test
    void batchNormBehindAConvolutionBecomesWeightsAndBias() {
        var entry = Simplify.of(entry(relu(normalised(biased(convolution())))));
        assertEquals(List.of("add", "broadcast", "broadcast", "contract", "input", "max"), namesAtRunTime(entry));
    }

    @Test
    void aResultThatIsReadTwiceIsNotComputedTwice() {
        var y = convolution();
        var entry = Simplify.of(entry(Ops.add(g, normalised(y), y)));
        assertEquals(1, contractions(entry));
    }

    @Test
    void everyLayerOfADeepNetworkIsFolded() {
        var y = convolution();
        for (int layer = 0; layer < 50; layer++) y = convolution(relu(normalised(y)), 4, "w" + layer);
        assertEquals(List.of(), namesAtRunTime(Simplify.of(entry(normalised(y)))).stream().filter("mul"::equals).toList());
    }

    /// Wherever the product stands among others that change in the same round, and whatever its readers do with it.
    @Test
    void aSumThatIsReadTwiceIsNotComputedTwice() {
        var y = convolution();
        for (int layer = 0; layer < 5; layer++) y = convolution(gelu(biased(y)), 4, "w" + layer);
        assertEquals(6, contractions(Simplify.of(entry(y))));
    }

    @Test
    void anOutputIsNotComputedAgainForItsReader() {
        var y = convolution();
        var both = new Entry("predict", g, List.of(g.add(image())), List.of(new Output("y", y, Output.Role.USER), new Output("scaled", Ops.mul(g, y, channels(y, param("gamma"))), Output.Role.USER)));
        assertEquals(1, contractions(Simplify.of(both)));
    }

    @Test
    void lawsAreTracedWithTheirPlace() {
        g.at(new Origin("net.nn", 3, "y"));
        var fired = new ArrayList<String>();
        Simplify.of(entry(relu(normalised(biased(convolution())))), fired::add);
        assertTrue(fired.stream().anyMatch(law -> law.equals("contract(x, w) * broadcast(s)  =>  contract(x, w * s), w and s fixed   // net.nn:3 y")), fired::toString);
    }

    private static long contractions(Entry entry) {
        return entry.live().stream().filter(v -> v.op() instanceof Contract).count();
    }

    /// The operators of everything that depends on the batch, sorted.
    private List<String> namesAtRunTime(Entry entry) {
        return entry.live().stream().filter(v -> v.type().shape().contains(n))
                .map(v -> v.op() instanceof dev.kiln.compiler.op.Map m ? m.fn().name() : v.op().spec().name()).sorted().toList();
    }

    private Entry entry(Value y) {
        return new Entry("predict", g, List.of(g.add(image())), List.of(new Output("y", y, Output.Role.USER)));
    }

    private Input image() {
        return new Input("image", TensorType.f32(n, Dim.of(3), Dim.of(8), Dim.of(8)));
    }

    private Value convolution() {
        return convolution(g.add(image()), 3, "w");
    }

    private Value convolution(Value x, int channels, String weights) {
        var w = g.add(new Param(weights, TensorType.f32(4, channels, 3, 3)));
        var axes = List.of(axis("n", n), axis("f", 4), axis("h", 8), axis("w", 8), axis("c", channels), axis("u", 3), axis("v", 3));
        return g.add(new Contract(x, w, axes,
                new Access(List.of(Affine.axis(0), Affine.axis(4), new Affine(Map.of(2, 1, 5, 1), -1, 1), new Affine(Map.of(3, 1, 6, 1), -1, 1))),
                new Access(List.of(Affine.axis(1), Affine.axis(4), Affine.axis(5), Affine.axis(6))), List.of(0, 1, 2, 3)));
    }

    private Value biased(Value y) {
        return Ops.add(g, y, channels(y, param("bias")));
    }

    private Value normalised(Value y) {
        var deviation = Ops.map(g, Functions.SQRT, Ops.add(g, param("variance"), Ops.fill(g, 1e-5, Dim.of(4))));
        var centred = Ops.div(g, Ops.sub(g, y, channels(y, param("mean"))), channels(y, deviation));
        return Ops.add(g, Ops.mul(g, centred, channels(y, param("gamma"))), channels(y, param("beta")));
    }

    private Value relu(Value y) {
        return Ops.map(g, Functions.MAX, y, Ops.fill(g, 0, y.type().shape()));
    }

    private Value gelu(Value z) {
        var half = Ops.mul(g, z, Ops.fill(g, 0.5, z.type().shape()));
        var bend = Ops.map(g, Functions.ERF, Ops.div(g, z, Ops.fill(g, Math.sqrt(2), z.type().shape())));
        return Ops.mul(g, half, Ops.add(g, Ops.fill(g, 1, z.type().shape()), bend));
    }

    private Value param(String name) {
        return g.add(new Param(name, TensorType.f32(4)));
    }

    private Value channels(Value y, Value vector) {
        return Ops.broadcast(g, vector, y.type().shape(), List.of(1));
    }

    private static Axis axis(String name, long extent) {
        return axis(name, Dim.of(extent));
    }

    private static Axis axis(String name, Dim extent) {
        return new Axis(name, extent);
    }
}
