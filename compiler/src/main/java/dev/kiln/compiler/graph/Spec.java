package dev.kiln.compiler.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// The page of an operator: its name, its documentation (formula first) and what its property test needs.
/// @param function the function of one tensor that the language knows by the operator's name, if it does; it works along the last axis
public record Spec(String name, String doc, Optional<Function<Value, Op>> function, List<Sample> samples, List<Law> laws, List<Rejection> rejections) {
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
        return new Spec(name, doc.strip(), Optional.empty(), List.of(), List.of(), List.of());
    }

    /// `.nn` files call the operator by its name.
    public Spec function(Function<Value, Op> build) {
        return new Spec(name, doc, Optional.of(build), samples, laws, rejections);
    }

    public Spec sample(String label, BiFunction<Graph, Draw, Op> build) {
        return new Spec(name, doc, function, plus(samples, new Sample(label, build)), laws, rejections);
    }

    public Spec law(String law, BiFunction<Graph, Draw, Sides> build) {
        return new Spec(name, doc, function, samples, plus(laws, new Law(law, build)), rejections);
    }

    public Spec rejects(String message, Function<Graph, Op> build) {
        return new Spec(name, doc, function, samples, laws, plus(rejections, new Rejection(message, build)));
    }

    private static <T> List<T> plus(List<T> list, T one) {
        var all = new ArrayList<>(list);
        all.add(one);
        return all;
    }
}
