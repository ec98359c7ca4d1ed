package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// What a value computes. Sealed into families, open inside them: passes read families and normal forms, never single operators.
/// Every operator is a record whose constructor refuses operands that do not fit.
public sealed interface Op {
    /// Name, documentation, samples, laws, rejections.
    Spec spec();

    TensorType type();

    List<Value> operands();

    Op withOperands(List<Value> operands);

    /// The cotangent of each operand, `null` where none flows; `y` is this operator's value, `dy` its cotangent.
    List<Value> gradient(Graph g, Value y, Value dy);

    /// What this operator's value moves by when its f32 operands move by `dx` (`null` for other operands); `null` when it stands still.
    /// The rule of forward mode, written apart from that of [#gradient] so that each is held against the other. The default is that of an operator that is linear in its f32 operands together.
    default Value tangent(Graph g, Value y, List<Value> dx) {
        return g.add(withOperands(IntStream.range(0, dx.size()).mapToObj(i -> dx.get(i) == null ? operands().get(i) : dx.get(i)).toList()));
    }

    /// The meaning, in double, on concrete shapes. Slow and obvious: this is the oracle.
    Array evaluate(List<Array> operands, Env env);

    /// The attributes as printed in brackets between name and operands; empty for some.
    default String attributes() {
        return "";
    }

    /// This operator with its operands under the given names, as dumps show it.
    default String print(List<String> operands) {
        return spec().name() + (attributes().isEmpty() ? "" : "[" + attributes() + "]") + (operands.isEmpty() ? "" : "(" + String.join(", ", operands) + ")");
    }

    /// An operator that no kernel form computes as it stands: it says what it is made of, and the stage `normalise` puts that in its place.
    non-sealed interface Composed extends Op {
        /// The same value by other operators.
        Value compose(Graph g);
    }

    non-sealed interface Source extends Op {
        @Override
        default List<Value> operands() {
            return List.of();
        }

        @Override
        default Op withOperands(List<Value> operands) {
            return this;
        }

        @Override
        default List<Value> gradient(Graph g, Value y, Value dy) {
            return List.of();
        }
    }

    non-sealed interface Pointwise extends Op {}

    non-sealed interface Reduction extends Op {}

    non-sealed interface Contraction extends Op {}

    non-sealed interface Window extends Op {}

    non-sealed interface Movement extends Op {}

    non-sealed interface Indexed extends Op {}

    /// A loop: a graph of its own that runs several times and gives several results. Its own value is a token that [Result]s alone read; nothing flows through a token.
    non-sealed interface Control extends Op {
        TensorType TOKEN = TensorType.scalar(DType.bool);

        List<TensorType> resultTypes();

        /// The meaning, result by result.
        List<Array> results(List<Array> operands, Env env);

        /// The graph that is run; it holds nothing that is not needed.
        Graph inside();

        /// That graph as dumps show it.
        String printInside();

        @Override
        default TensorType type() {
            return TOKEN;
        }

        @Override
        default Array evaluate(List<Array> operands, Env env) {
            return Array.scalar(0);
        }

        @Override
        default List<Value> gradient(Graph g, Value y, Value dy) {
            return Collections.nCopies(operands().size(), null);
        }
    }

    /// Reads one result of a [Control]; its `evaluate` is given all of them.
    non-sealed interface Result extends Op {}
}
