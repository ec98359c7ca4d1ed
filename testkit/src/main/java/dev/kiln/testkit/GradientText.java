package dev.kiln.testkit;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import java.util.List;
import java.util.stream.Stream;

/// What derivatives look like, as a golden holds them: a rule that gives the right numbers in a roundabout way shows here alone.
public final class GradientText {
    private static final List<Integer> SIZES = List.of(4, 5);

    private GradientText() {}

    /// The pullback of one sample of an operator by each of its operands; empty for one that has none.
    public static String of(Spec.Sample sample) {
        var graph = new Graph();
        var drawn = new Drawn(graph, SIZES, 0);
        var y = graph.add(sample.build().apply(graph, drawn));
        var wrt = drawn.realInputs();
        if (y.type().dtype() != DType.f32 || wrt.isEmpty()) return "";
        return GraphText.print(graph, Stream.concat(Stream.of(y), Differentiate.pullback(graph, y, drawn.cotangent(y), wrt).stream()).toList());
    }

    /// The gradient of a loss that reads one result of a loop.
    /// @param used the number of the result
    public static String of(Recurrent cell, int used) {
        var graph = new Graph();
        var drawn = new Drawn(graph, SIZES, 0);
        var results = cell.results(graph, drawn, drawn.dim(), drawn.dim(), false);
        Value loss = Recurrent.loss(graph, drawn, List.of(results.get(used % results.size())));
        return GraphText.print(graph, Stream.concat(Stream.of(loss), Differentiate.gradient(graph, loss, drawn.realInputs()).stream()).toList());
    }
}
