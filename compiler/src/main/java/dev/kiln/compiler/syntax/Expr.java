package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast.Index;
import dev.kiln.compiler.syntax.Ast.Name;
import java.util.List;
import java.util.Optional;

/// What has a value. Dims are expressions too: `N..` is [Axes], `1..4` [Range], `T~len` [Ragged].
public sealed interface Expr {
    Span span();

    record Whole(Span span, long value) implements Expr {}

    record Real(Span span, double value) implements Expr {}

    /// A string without its quotes, escapes resolved.
    record Text(Span span, String value) implements Expr {}

    record Truth(Span span, boolean value) implements Expr {}

    /// A name used. @param primed `h'`, the next value
    record Reference(Span span, String name, boolean primed) implements Expr {}

    /// `fresh unit`: another layer or cell built alike
    record Fresh(Span span, Name name) implements Expr {}

    /// `(a, b)`, of two and more
    record Tuple(Span span, List<Expr> items) implements Expr {}

    /// `[a, b]`
    record Items(Span span, List<Expr> items) implements Expr {}

    /// `if condition { then } else { otherwise }`
    record Choose(Span span, Expr condition, Expr then, Expr otherwise) implements Expr {}

    /// `first |> stage |> stage`
    record Chain(Span span, Expr first, List<Stage> stages) implements Expr {}

    /// One link of a chain: `Dense(64) as hidden`. @param step a name, a member or a call that still lacks the value from the left
    record Stage(Span span, Expr step, Optional<Name> as) {}

    record Unary(Span span, UnaryOperator operator, Expr operand) implements Expr {}

    record Binary(Span span, BinaryOperator operator, Span sign, Expr left, Expr right) implements Expr {}

    /// `callee(a, name: b)`; with indices `sum(a[i, k] * b[k] over k)`
    record Call(Span span, Expr callee, List<Argument> arguments, List<Index> over) implements Expr {}

    record Argument(Span span, Optional<Name> name, Expr value) {}

    /// `tensor[indices else outside]`
    record At(Span span, Expr tensor, List<Expr> indices, Optional<Expr> outside) implements Expr {}

    /// `owner.name`
    record Member(Span span, Expr owner, Name name, boolean primed) implements Expr {}

    /// `a..b`, both ends count
    record Range(Span span, Expr low, Expr high) implements Expr {}

    /// `N..` and `s..`: any number of axes
    record Axes(Span span, Name name) implements Expr {}

    /// `T~len`: each row has its own length, at most T
    record Ragged(Span span, Expr axis, Name length) implements Expr {}

    /// `f32[N, 784]`; a scalar has no dims
    record TypeName(Span span, Name name, List<Expr> dims) {}

    enum UnaryOperator {
        NEGATE("-"), NOT("not");

        private final String sign;

        UnaryOperator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }

    enum BinaryOperator {
        POWER("^"), MULTIPLY("*"), DIVIDE("/"), REMAINDER("%"), MATRIX("@"), ADD("+"), SUBTRACT("-"),
        LESS("<"), LESS_EQUAL("<="), GREATER(">"), GREATER_EQUAL(">="), EQUAL("=="), NOT_EQUAL("!="), AND("and"), OR("or");

        private final String sign;

        BinaryOperator(String sign) {
            this.sign = sign;
        }

        public String sign() {
            return sign;
        }
    }
}
