package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import dev.kiln.runtime.Vocabulary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// What an expression stands for while a file is elaborated: a setting, a dim, a tensor, a layer, a function.
sealed interface Item {
    /// An exact quotient of whole numbers or dims; a whole number has denominator 1.
    record Ratio(Dim numerator, Dim denominator) implements Item {
        static Ratio of(Dim whole) {
            return new Ratio(whole, Dim.ONE);
        }

        static Ratio of(long whole) {
            return of(Dim.of(whole));
        }

        boolean isWhole() {
            return denominator.is(1);
        }

        boolean isConstant() {
            return numerator.isConstant() && denominator.isConstant();
        }

        double value() {
            return (double) numerator.constant().orElseThrow() / denominator.constant().orElseThrow();
        }

        @Override
        public String toString() {
            return isWhole() ? numerator.toString() : numerator + " / " + denominator;
        }
    }

    record Real(double value) implements Item {}

    record Truth(boolean value) implements Item {}

    /// Holds or not, depending on dims that are known only when a run begins; all of the checks together.
    record Pending(List<DoorCheck> checks) implements Item {}

    /// A string.
    record Text(String value) implements Item {}

    /// The pieces of text that were found in data. @param of the vocabulary
    record Words(Vocabulary of) implements Item {}

    /// A text that the caller hands over, as the numbers of a vocabulary that nobody has named yet. @param numbers i32[N, T], negative behind the end of a row
    record TextDoor(String name, Value numbers, Span place) implements Item {}

    /// Numbers that leave as text.
    record Decoded(Value numbers, Vocabulary by) implements Item {}

    /// A word that a setting offers, as `same` in `pad: int | same`.
    record Word(String value) implements Item {}

    record Tensor(Value value) implements Item {}

    record Many(List<Item> items) implements Item {}

    /// `normal(variance: 0.1)`: a kind of the runtime and its numbers.
    record Distribution(String kind, List<Double> numbers) implements Item {}

    /// What a row variable stands for.
    record Axes(List<Dim> dims) implements Item {}

    /// A function, some of its inputs fixed.
    record Callable(Ast.Function function, Module home, Map<String, Item> fixed) implements Item {
        public Callable {
            fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
        }
    }

    /// What the language itself knows by name.
    record Intrinsic(String name) implements Item {}

    /// A Capitalised declaration: its settings make an [Instance].
    record Kind(Ast.Block block, Module home) implements Item {
        boolean isCell() {
            return block.kind() == Ast.BlockKind.CELL;
        }
    }

    /// A layer or cell with its settings, at a place. Calls by name with inputs left open fix some of them, and what a cell's states begin with.
    record Applicable(Instance instance, Map<String, Item> fixed) implements Item {
        boolean isCell() {
            return instance.block().kind() == Ast.BlockKind.CELL;
        }
    }

    /// `scan(cell)` or `fold(cell)` before it has met its sequences. @param kind `scan` or `fold`
    record Repeated(String kind, Applicable cell) implements Item {}

    /// A place inside a layer or a statement, whose weights have paths below it: the `logits.dense_1` of `logits.dense_1.W`.
    record Inside(String path) implements Item {}

    /// A sequence read from its end. A loop over it runs backwards; everything else sees the tensor turned round.
    record Reversed(Value of) implements Item {}

    /// What a cell remembers after its last step: `last.h`.
    record States(String cell, Map<String, Item> members) implements Item {
        public States {
            members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        }
    }

    /// An affine form of indices, as in `stride * i + u - pad`.
    record Position(Coordinate coordinate) implements Item {}

    /// The indices that a row variable of an index formula stands for.
    record Positions(RowIndex row) implements Item {}

    /// A value of an index formula: the product of reads, each with its axes named.
    record Product(List<Read> factors) implements Item {}

    /// The next value of a state while only some of its slices are written. @param axes those that numbers stand for @param written by these numbers
    record Slices(String state, TensorType type, List<Integer> axes, Map<List<Integer>, Slice> written) implements Item {
        public Slices {
            written = Collections.unmodifiableMap(new LinkedHashMap<>(written));
        }

        /// The numbers of the slices that nothing was written to yet.
        List<List<Integer>> missing() {
            List<List<Integer>> all = List.of(List.of());
            for (int axis : axes) all = all.stream().flatMap(numbers -> IntStream.range(0, type.dim(axis).toInt()).mapToObj(i -> Stream.concat(numbers.stream(), Stream.of(i)).toList())).toList();
            return all.stream().filter(numbers -> !written.containsKey(numbers)).toList();
        }
    }

    /// One slice, and where it was written.
    record Slice(Value value, Span place) {}

    /// A mistake that is reported already; whatever is made of it is one, too.
    enum Poison implements Item { MISTAKE }

    /// As messages call it.
    default String describe() {
        return switch (this) {
            case Ratio r -> r.isWhole() ? r.numerator().isConstant() ? "the number " + r : "the dim " + r : r.isConstant() ? "the number " + r.value() : "the quotient " + r;
            case Real(double v) -> "the number " + Numbers.print(v);
            case Truth(boolean v) -> v ? "true" : "false";
            case Pending _ -> "a condition on dims";
            case Text _ -> "a string";
            case Words w -> "the vocabulary " + w.of().name();
            case TextDoor t -> "the text " + t.name() + ", which encode turns into numbers";
            case Decoded d -> "a text that " + d.by().name() + " decodes, for an out alone";
            case Word(String w) -> "the word " + w;
            case Tensor(Value v) -> v.type().isScalar() ? "a scalar " + v.type() : "a tensor " + v.type();
            case Many(List<Item> items) -> items.size() == 1 ? "one value in brackets" : items.size() + " values";
            case Distribution d -> "a distribution";
            case Axes _ -> "a row of axes";
            case Callable c -> "the function " + c.function().name();
            case Intrinsic(String name) -> "the function " + name;
            case Kind k -> describe(k.block());
            case Applicable a -> describe(a.instance().block());
            case Repeated r -> r.kind() + " of " + r.cell().describe();
            case Reversed _ -> "a reversed sequence";
            case States s -> "the last state of " + s.cell();
            case Position _ -> "an index";
            case Positions _ -> "a row of indices";
            case Product _ -> "a formula of indices";
            case Inside(String path) -> "the layer " + path;
            case Slices s -> "the next value of %s, written in part".formatted(s.state());
            case Poison _ -> "a mistake";
        };
    }

    private static String describe(Ast.Block block) {
        return "the %s %s".formatted(block.kind().name().toLowerCase(Locale.ROOT), block.name());
    }
}
