package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Pending;
import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Truth;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.Unify;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Comparisons, `and`, `or`: decided now, left to the door, or computed for each element.
final class Conditions {
    private final Elaboration in;

    Conditions(Elaboration in) {
        this.in = in;
    }

    /// A condition that code or elements can hang on.
    Item truth(Item item, Expr e, Site site) {
        return switch (item) {
            case Truth _, Item.Poison _ -> item;
            case Pending p -> in.fail(new CheckProblem.UndecidedCondition(site.place(e.span()), p.checks().getFirst().toString()));
            case Item.Tensor t when t.value().type().dtype() == DType.bool -> item;
            case Item.Product p when p.factors().stream().allMatch(r -> r.tensor().type().dtype() == DType.bool) -> item;
            default -> in.fail(new CheckProblem.ConditionNotBool(site.place(e.span()), item.describe()));
        };
    }

    /// The right side is not looked at when the left decides.
    Item both(Expr.Binary b, Site site) {
        boolean and = b.operator() == BinaryOperator.AND;
        Item left = in.expressions().evaluate(b.left(), site);
        if ((left instanceof Truth(boolean v) && v != and) || left instanceof Item.Poison) return left;
        Item right = in.expressions().evaluate(b.right(), site);
        if (left instanceof Truth) return right;
        if (right instanceof Truth(boolean v)) return v == and ? left : right;
        if (left instanceof Pending(List<DoorCheck> x) && right instanceof Pending(List<DoorCheck> y) && and) {
            var all = new ArrayList<>(x);
            all.addAll(y);
            return new Pending(all);
        }
        Item a = truth(left, b.left(), site);
        Item c = truth(right, b.right(), site);
        return in.arithmetic().map(and ? Functions.MIN : Functions.MAX, b.span(), site, a, c);
    }

    Item compare(Expr.Binary b, Item x, Item y, Site site) {
        if (x instanceof Item.Poison || y instanceof Item.Poison) return Item.Poison.MISTAKE;
        boolean equality = b.operator() == BinaryOperator.EQUAL || b.operator() == BinaryOperator.NOT_EQUAL;
        if (x instanceof Item.Word || y instanceof Item.Word || x instanceof Item.Text || y instanceof Item.Text || (x instanceof Truth && y instanceof Truth))
            return equality ? new Truth(x.equals(y) == (b.operator() == BinaryOperator.EQUAL)) : in.fail(new CheckProblem.TypeMismatch(site.place(b.span()), "numbers to compare", x.describe()));
        if (Numbers.isNumber(x) && Numbers.isNumber(y)) {
            Optional<Item> decided = numbers(b.operator(), x, y);
            if (decided.isPresent()) return decided.get();
            return in.fail(new CheckProblem.UndecidedCondition(site.place(b.span()), b.span().text()));
        }
        return elements(b, x, y, site);
    }

    private Item elements(Expr.Binary b, Item x, Item y, Site site) {
        return switch (b.operator()) {
            case LESS -> in.arithmetic().map(Functions.LESS, b.span(), site, x, y);
            case GREATER -> in.arithmetic().map(Functions.LESS, b.span(), site, y, x);
            case LESS_EQUAL -> in.arithmetic().map(Functions.LESS_EQUAL, b.span(), site, x, y);
            case GREATER_EQUAL -> in.arithmetic().map(Functions.LESS_EQUAL, b.span(), site, y, x);
            case EQUAL -> in.arithmetic().map(Functions.EQUAL, b.span(), site, x, y);
            case NOT_EQUAL -> {
                Item equal = in.arithmetic().map(Functions.EQUAL, b.span(), site, x, y);
                yield in.arithmetic().not(b.span(), site, equal);
            }
            default -> throw new IllegalArgumentException(b.operator() + " compares nothing");
        };
    }

    private static Optional<Item> numbers(BinaryOperator operator, Item x, Item y) {
        OptionalDouble a = Numbers.value(x);
        OptionalDouble b = Numbers.value(y);
        if (a.isPresent() && b.isPresent()) return Optional.of(new Truth(holds(operator, a.getAsDouble(), b.getAsDouble())));
        Optional<Dim> p = cleared(x, y);
        Optional<Dim> q = cleared(y, x);
        if (p.isEmpty() || q.isEmpty()) return Optional.empty();
        return switch (operator) {
            case LESS -> atLeast(q.get(), p.get().plus(1));
            case LESS_EQUAL -> atLeast(q.get(), p.get());
            case GREATER -> atLeast(p.get(), q.get().plus(1));
            case GREATER_EQUAL -> atLeast(p.get(), q.get());
            case EQUAL -> equal(p.get(), q.get());
            case NOT_EQUAL -> equal(p.get(), q.get()).flatMap(t -> t instanceof Truth(boolean v) ? Optional.of(new Truth(!v)) : Optional.empty());
            default -> Optional.empty();
        };
    }

    /// Numerators over one denominator.
    private static Optional<Dim> cleared(Item item, Item other) {
        return item instanceof Ratio a && other instanceof Ratio b ? Optional.of(a.numerator().times(b.denominator())) : Optional.empty();
    }

    private static Optional<Item> atLeast(Dim larger, Dim smaller) {
        var slack = larger.minus(smaller).least();
        if (slack.isPresent() && slack.getAsLong() >= 0) return Optional.of(new Truth(true));
        var lack = smaller.minus(larger).least();
        if (lack.isPresent() && lack.getAsLong() > 0) return Optional.of(new Truth(false));
        return Optional.of(new Pending(List.of(new DoorCheck(larger, DoorCheck.Relation.AT_LEAST, smaller, ""))));
    }

    private static Optional<Item> equal(Dim a, Dim b) {
        return Optional.of(switch (Unify.equal(a, b)) {
            case Unify.Proved _ -> new Truth(true);
            case Unify.Refuted _ -> new Truth(false);
            default -> new Pending(List.of(new DoorCheck(a, DoorCheck.Relation.EQUAL, b, "")));
        });
    }

    private static boolean holds(BinaryOperator operator, double a, double b) {
        return switch (operator) {
            case LESS -> a < b;
            case LESS_EQUAL -> a <= b;
            case GREATER -> a > b;
            case GREATER_EQUAL -> a >= b;
            case EQUAL -> a == b;
            case NOT_EQUAL -> a != b;
            default -> throw new IllegalArgumentException(operator + " compares nothing");
        };
    }
}
