package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Map;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// A local law: for an operator of class `root` an equal value that is at least as cheap, or null. The law is comment, trace line and name of the test at once.
/// @param examples   values that the rule applies to: the test shows them before and after, and holds both sides against each other
/// @param exceptions values that look alike and that the rule must leave alone
public record Rule<O extends Op>(Class<O> root, String law, Precision precision, Body<O> body, List<BiFunction<Graph, Draw, Value>> examples, List<BiFunction<Graph, Draw, Value>> exceptions) {
    public Rule {
        examples = List.copyOf(examples);
        exceptions = List.copyOf(exceptions);
    }

    public enum Precision {
        /// The same numbers, bit for bit.
        EXACT,
        /// Equal in the reals; rounds in other places.
        ROUNDS
    }

    @FunctionalInterface
    public interface Body<O extends Op> {
        Value apply(Site at, O op);
    }

    @FunctionalInterface
    public interface Unary {
        Value apply(Site at, Value a);
    }

    @FunctionalInterface
    public interface Binary {
        Value apply(Site at, Value a, Value b);
    }

    public static <O extends Op> Rule<O> rule(Class<O> root, String law, Precision precision, Body<O> body, BiFunction<Graph, Draw, Value> example) {
        return new Rule<>(root, law, precision, body, List.of(example), List.of());
    }

    /// With one example more.
    public Rule<O> and(BiFunction<Graph, Draw, Value> example) {
        return new Rule<>(root, law, precision, body, Stream.concat(examples.stream(), Stream.of(example)).toList(), exceptions);
    }

    /// With one exception more.
    public Rule<O> butNot(BiFunction<Graph, Draw, Value> exception) {
        return new Rule<>(root, law, precision, body, examples, Stream.concat(exceptions.stream(), Stream.of(exception)).toList());
    }

    static Rule<Map> unary(Fn fn, String law, Precision precision, Unary body, BiFunction<Graph, Draw, Value> example) {
        return rule(Map.class, law, precision, (at, op) -> op.fn().equals(fn) ? body.apply(at, op.operands().getFirst()) : null, example);
    }

    static Rule<Map> binary(Fn fn, String law, Precision precision, Binary body, BiFunction<Graph, Draw, Value> example) {
        return rule(Map.class, law, precision, (at, op) -> op.fn().equals(fn) ? body.apply(at, op.operands().get(0), op.operands().get(1)) : null, example);
    }

    /// What `v` becomes; null when the rule does not apply.
    Value tryOn(Site at, Value v) {
        var after = body.apply(at, root.cast(v.op()));
        if (after != null && !after.type().equals(v.type()))
            throw new IllegalStateException("rule '%s' changed the type from %s to %s".formatted(law, v.type(), after.type()));
        return v.equals(after) ? null : after;
    }

    @Override
    public String toString() {
        return law;
    }
}
