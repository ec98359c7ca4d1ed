package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.function.Consumer;

/// An `int` of a driver: an offset, a stride, a trip count. Numbers fold as they are built, so what is static stays static.
public sealed interface IndexExpr {

    record Constant(int value) implements IndexExpr {
        @Override
        public String toString() {
            return Integer.toString(value);
        }
    }

    /// A size that is known when the dims are: computed once a binding.
    record Size(Dim dim) implements IndexExpr {
        @Override
        public String toString() {
            return "{" + dim + "}";
        }
    }

    /// The height of the strips that so many rows are cut into: `Strips.height`, computed once a binding.
    /// @param crowded whether the rows that a tile reads share a place of the first cache
    record Height(Dim rows, boolean crowded) implements IndexExpr {
        @Override
        public String toString() {
            return (crowded ? "crowded height{" : "height{") + rows + "}";
        }
    }

    /// Where a buffer of the arena begins: known when the binding has placed it.
    record Offset(Buffer buffer) implements IndexExpr {
        @Override
        public String toString() {
            return "@" + buffer.name();
        }
    }

    record Variable(String name) implements IndexExpr {
        @Override
        public String toString() {
            return name;
        }
    }

    enum Operator {
        PLUS("+"), TIMES("*"), QUOTIENT("/"), REMAINDER("%"), MINIMUM("min"), MAXIMUM("max");

        private final String symbol;

        Operator(String symbol) {
            this.symbol = symbol;
        }

        /// The quotient and remainder are those of numbers that are not negative.
        public int apply(int a, int b) {
            return switch (this) {
                case PLUS -> Math.addExact(a, b);
                case TIMES -> Math.multiplyExact(a, b);
                case QUOTIENT -> Math.floorDiv(a, b);
                case REMAINDER -> Math.floorMod(a, b);
                case MINIMUM -> Math.min(a, b);
                case MAXIMUM -> Math.max(a, b);
            };
        }
    }

    record Binary(Operator operator, IndexExpr left, IndexExpr right) implements IndexExpr {
        @Override
        public String toString() {
            return "(" + left + " " + operator.symbol + " " + right + ")";
        }
    }

    static IndexExpr number(long value) {
        return new Constant(Math.toIntExact(value));
    }

    static IndexExpr size(Dim dim) {
        return dim.constant().isPresent() ? number(dim.constant().getAsLong()) : new Size(dim);
    }

    static IndexExpr variable(String name) {
        return new Variable(name);
    }

    private static IndexExpr binary(Operator operator, IndexExpr left, IndexExpr right) {
        if (left instanceof Constant(int a) && right instanceof Constant(int b)) return new Constant(operator.apply(a, b));
        if (left instanceof Size(Dim a) && right instanceof Constant(int b) && operator == Operator.TIMES) return size(a.times(Dim.of(b)));
        if (left instanceof Size(Dim a) && right instanceof Size(Dim b) && operator == Operator.TIMES) return size(a.times(b));
        return new Binary(operator, left, right);
    }

    default IndexExpr plus(IndexExpr other) {
        if (isNumber(0)) return other;
        if (other.isNumber(0)) return this;
        return binary(Operator.PLUS, this, other);
    }

    default IndexExpr times(IndexExpr other) {
        if (isNumber(0) || other.isNumber(0)) return number(0);
        if (isNumber(1)) return other;
        if (other.isNumber(1)) return this;
        return this instanceof Constant ? binary(Operator.TIMES, other, this) : binary(Operator.TIMES, this, other);
    }

    default IndexExpr quotient(IndexExpr other) {
        return other.isNumber(1) ? this : binary(Operator.QUOTIENT, this, other);
    }

    default IndexExpr remainder(IndexExpr other) {
        return other.isNumber(1) ? number(0) : binary(Operator.REMAINDER, this, other);
    }

    default IndexExpr minimum(IndexExpr other) {
        return equals(other) ? this : binary(Operator.MINIMUM, this, other);
    }

    default IndexExpr maximum(IndexExpr other) {
        return equals(other) ? this : binary(Operator.MAXIMUM, this, other);
    }

    default IndexExpr minus(IndexExpr other) {
        return plus(other.times(number(-1)));
    }

    /// The whole number of parts of `size` that cover this.
    default IndexExpr parts(int size) {
        return plus(number(size - 1)).quotient(number(size));
    }

    default boolean isNumber(int value) {
        return this instanceof Constant(int n) && n == value;
    }

    /// The most this can be whatever the loop variables are: of a minimum, the side that does not depend on them.
    default IndexExpr atMost() {
        return switch (this) {
            case Binary(var operator, var left, var right) when operator == Operator.MINIMUM && right.varies() -> left.atMost();
            case Binary(var operator, var left, var right) when operator == Operator.MINIMUM && left.varies() -> right.atMost();
            case Binary(var operator, var left, var right) -> binary(operator, left.atMost(), right.atMost());
            default -> this;
        };
    }

    private boolean varies() {
        return switch (this) {
            case Variable _ -> true;
            case Binary(_, var left, var right) -> left.varies() || right.varies();
            default -> false;
        };
    }

    /// Every expression inside this one, itself included.
    default void walk(Consumer<IndexExpr> visit) {
        visit.accept(this);
        if (this instanceof Binary(_, var left, var right)) List.of(left, right).forEach(e -> e.walk(visit));
    }
}
