package dev.kiln.compiler.function;

import java.util.List;

/// A small expression over the operands, the result and the cotangent of a scalar function: how derivatives and laws are written.
public sealed interface Formula {
    /// The operand number `index` of the function.
    record Operand(int index) implements Formula {
        @Override
        public String toString() {
            return "x" + index;
        }
    }

    /// What the function returned.
    record Result() implements Formula {
        @Override
        public String toString() {
            return "y";
        }
    }

    /// What flows back into the result.
    record Cotangent() implements Formula {
        @Override
        public String toString() {
            return "dy";
        }
    }

    record Literal(double value) implements Formula {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    record Apply(Fn fn, List<Formula> arguments) implements Formula {
        public Apply {
            arguments = List.copyOf(arguments);
            if (arguments.size() != fn.arity())
                throw new IllegalArgumentException("%s takes %d operands, not %d".formatted(fn, fn.arity(), arguments.size()));
        }

        @Override
        public String toString() {
            return fn.name() + "(" + String.join(", ", arguments.stream().map(Formula::toString).toList()) + ")";
        }
    }

    /// What each kind of node becomes when a formula is rebuilt elsewhere: as values of a graph, as doubles, as text.
    interface Builder<T> {
        T operand(int index);

        T result();

        T cotangent();

        T literal(double value);

        T apply(Fn fn, List<T> arguments);
    }

    default <T> T build(Builder<T> builder) {
        return switch (this) {
            case Operand(int index) -> builder.operand(index);
            case Result() -> builder.result();
            case Cotangent() -> builder.cotangent();
            case Literal(double value) -> builder.literal(value);
            case Apply(Fn fn, List<Formula> arguments) ->
                builder.apply(fn, arguments.stream().map(a -> a.build(builder)).toList());
        };
    }

    /// The value in double for operands `x`, result `y` and cotangent `dy`.
    default double evaluate(double[] x, double y, double dy) {
        return build(new Evaluation(x, y, dy));
    }

    /// This times the cotangent. The factor goes into the branches of a `select`, so that an infinite cotangent never meets the zero of the other branch.
    default Formula timesCotangent() {
        return switch (this) {
            case Literal(double value) when value == 0 -> this;
            case Literal(double value) when value == 1 -> new Cotangent();
            case Literal(double value) when value == -1 -> neg(new Cotangent());
            case Apply(Fn fn, List<Formula> a) when fn.equals(Functions.SELECT) ->
                apply(fn, a.get(0), a.get(1).timesCotangent(), a.get(2).timesCotangent());
            case Apply(Fn fn, List<Formula> a) when fn.equals(Functions.NEG) -> neg(a.getFirst().timesCotangent());
            default -> times(new Cotangent(), this);
        };
    }

    static Formula x() {
        return new Operand(0);
    }

    static Formula x(int index) {
        return new Operand(index);
    }

    static Formula y() {
        return new Result();
    }

    static Formula literal(double value) {
        return new Literal(value);
    }

    static Formula apply(Fn fn, Formula... arguments) {
        return new Apply(fn, List.of(arguments));
    }

    static Formula neg(Formula a) {
        return apply(Functions.NEG, a);
    }

    static Formula plus(Formula a, Formula b) {
        return apply(Functions.ADD, a, b);
    }

    static Formula minus(Formula a, Formula b) {
        return apply(Functions.SUB, a, b);
    }

    static Formula times(Formula a, Formula b) {
        return apply(Functions.MUL, a, b);
    }

    static Formula over(Formula a, Formula b) {
        return apply(Functions.DIV, a, b);
    }

    /// `condition ? a : b`.
    static Formula select(Formula condition, Formula a, Formula b) {
        return apply(Functions.SELECT, condition, a, b);
    }

    /// `a < b`.
    static Formula less(Formula a, Formula b) {
        return apply(Functions.LESS, a, b);
    }
}
