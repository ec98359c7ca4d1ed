package dev.kiln.compiler.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The page of an operator: its name, its documentation (formula first) and what its property test needs.
public record Spec(String name, String doc, List<Sample> samples, List<Law> laws, List<Rejection> rejections) {
    /// A way to build the operator on drawn sizes and operands.
    public record Sample(String label, BiFunction<Graph, Draw, Op> build) {}

    /// Two values that are equal for all operands.
    public record Law(String name, BiFunction<Graph, Draw, Sides> build) {}

    public record Sides(Value left, Value right) {}

    /// An operator that does not fit, and the message its constructor gives.
    public record Rejection(String message, Function<Graph, Op> build) {}

    public Spec {
        samples = List.copyOf(samples);
        laws = List.copyOf(laws);
        rejections = List.copyOf(rejections);
    }

    public static Spec of(String name, String doc) {
        return new Spec(name, doc.strip(), List.of(), List.of(), List.of());
    }

    public Spec sample(String label, BiFunction<Graph, Draw, Op> build) {
        return new Spec(name, doc, plus(samples, new Sample(label, build)), laws, rejections);
    }

    public Spec law(String law, BiFunction<Graph, Draw, Sides> build) {
        return new Spec(name, doc, samples, plus(laws, new Law(law, build)), rejections);
    }

    public Spec rejects(String message, Function<Graph, Op> build) {
        return new Spec(name, doc, samples, laws, plus(rejections, new Rejection(message, build)));
    }

    private static <T> List<T> plus(List<T> list, T one) {
        var all = new ArrayList<>(list);
        all.add(one);
        return all;
    }
}
