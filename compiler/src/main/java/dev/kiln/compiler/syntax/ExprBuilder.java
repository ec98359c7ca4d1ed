package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.compiler.syntax.Ast.Index;
import dev.kiln.compiler.syntax.Ast.Name;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import dev.kiln.compiler.syntax.Expr.UnaryOperator;
import dev.kiln.grammar.KilnParser;
import dev.kiln.grammar.KilnParser.ArgumentContext;
import dev.kiln.grammar.KilnParser.BinderContext;
import dev.kiln.grammar.KilnParser.ConditionalContext;
import dev.kiln.grammar.KilnParser.DimContext;
import dev.kiln.grammar.KilnParser.ExprContext;
import dev.kiln.grammar.KilnParser.KindContext;
import dev.kiln.grammar.KilnParser.NameContext;
import dev.kiln.grammar.KilnParser.OperationContext;
import dev.kiln.grammar.KilnParser.PostfixContext;
import dev.kiln.grammar.KilnParser.PrimaryContext;
import dev.kiln.grammar.KilnParser.RangeContext;
import dev.kiln.grammar.KilnParser.StageContext;
import dev.kiln.grammar.KilnParser.TypeContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/// Parse tree to tree, for everything inside a statement. Called for trees without errors only.
final class ExprBuilder {
    private static final Map<Integer, BinaryOperator> OPERATORS = Map.ofEntries(
            Map.entry(KilnParser.STAR, BinaryOperator.MULTIPLY), Map.entry(KilnParser.SLASH, BinaryOperator.DIVIDE),
            Map.entry(KilnParser.PERCENT, BinaryOperator.REMAINDER), Map.entry(KilnParser.AT, BinaryOperator.MATRIX),
            Map.entry(KilnParser.PLUS, BinaryOperator.ADD), Map.entry(KilnParser.MINUS, BinaryOperator.SUBTRACT),
            Map.entry(KilnParser.LT, BinaryOperator.LESS), Map.entry(KilnParser.LE, BinaryOperator.LESS_EQUAL),
            Map.entry(KilnParser.GT, BinaryOperator.GREATER), Map.entry(KilnParser.GE, BinaryOperator.GREATER_EQUAL),
            Map.entry(KilnParser.EQ, BinaryOperator.EQUAL), Map.entry(KilnParser.NE, BinaryOperator.NOT_EQUAL),
            Map.entry(KilnParser.HAT, BinaryOperator.POWER), Map.entry(KilnParser.AND, BinaryOperator.AND),
            Map.entry(KilnParser.OR, BinaryOperator.OR));
    private static final Set<BinaryOperator> COMPARISONS = Set.of(BinaryOperator.LESS, BinaryOperator.LESS_EQUAL, BinaryOperator.GREATER,
            BinaryOperator.GREATER_EQUAL, BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL);
    static final Set<String> AXIS_WORDS = Set.of("axis", "axes", "dim", "dims", "keepdims", "keepdim");

    /// How deep the tree of one expression may be: later stages walk trees by recursion.
    static final int DEEPEST = 400;

    private final Places places;
    private final Problems problems;
    private int depth;

    ExprBuilder(Places places, Problems problems) {
        this.places = places;
        this.problems = problems;
    }

    Span span(ParserRuleContext tree) {
        return places.span(tree);
    }

    Span span(Token token) {
        return places.span(token);
    }

    Name name(NameContext tree) {
        return new Name(span(tree), tree.getText());
    }

    /// `h` or `h'`, without its prime.
    Name unprimed(Token token) {
        String text = token.getText();
        return new Name(places.span(token), text.endsWith("'") ? text.substring(0, text.length() - 1) : text);
    }

    List<Name> names(List<NameContext> trees) {
        return trees.stream().map(this::name).toList();
    }

    Expr expr(ExprContext tree) {
        Expr first = operation(tree.operation());
        return tree.stage().isEmpty() ? first : new Expr.Chain(span(tree), first, tree.stage().stream().map(this::stage).toList());
    }

    List<Expr> exprs(List<ExprContext> trees) {
        return trees.stream().map(this::expr).toList();
    }

    private Expr.Stage stage(StageContext tree) {
        return new Expr.Stage(span(tree), postfix(tree.postfix()), Optional.ofNullable(tree.name()).map(this::name));
    }

    private Expr operation(OperationContext tree) {
        if (++depth > DEEPEST) throw new Parser.TooDeepException(tree.getStart());
        Expr made = switch (tree) {
            case KilnParser.PostfixOperationContext t -> postfix(t.postfix());
            case KilnParser.NegateContext t -> new Expr.Unary(span(t), UnaryOperator.NEGATE, operation(t.operation()));
            case KilnParser.NotContext t -> new Expr.Unary(span(t), UnaryOperator.NOT, operation(t.operation()));
            case KilnParser.PowerContext t -> binary(t, t.operation());
            case KilnParser.ProductContext t -> binary(t, t.operation());
            case KilnParser.SumContext t -> binary(t, t.operation());
            case KilnParser.CompareContext t -> binary(t, t.operation());
            case KilnParser.AndContext t -> binary(t, t.operation());
            case KilnParser.OrContext t -> binary(t, t.operation());
            default -> throw new IllegalStateException("no operation: " + tree.getClass());
        };
        depth--;
        return made;
    }

    private Expr binary(ParserRuleContext tree, List<OperationContext> operands) {
        Token sign = places.token(tree.getChild(1));
        BinaryOperator operator = OPERATORS.get(sign.getType());
        Expr left = operation(operands.getFirst());
        Expr right = operation(operands.getLast());
        boolean chained = COMPARISONS.contains(operator) && operands.getFirst() instanceof KilnParser.CompareContext;
        if (chained && left instanceof Expr.Binary first) {
            problems.add(new SyntaxProblem.ComparisonChain(places.span(sign), first.span().text(), first.right().span().text(), right.span().text(), operator.sign()));
            Expr second = new Expr.Binary(first.right().span().to(right.span()), operator, places.span(sign), first.right(), right);
            return new Expr.Binary(span(tree), BinaryOperator.AND, places.span(sign), first, second);   // what is meant
        }
        return new Expr.Binary(span(tree), operator, places.span(sign), left, right);
    }

    private Expr postfix(PostfixContext tree) {
        if (++depth > DEEPEST) throw new Parser.TooDeepException(tree.getStart());
        Expr made = switch (tree) {
            case KilnParser.PrimaryExprContext t -> primary(t.primary());
            case KilnParser.CallContext t -> call(t);
            case KilnParser.AtContext t -> new Expr.At(span(t), postfix(t.postfix()), t.range().stream().map(this::range).toList(),
                    Optional.ofNullable(t.expr()).map(this::expr));
            case KilnParser.MemberContext t -> member(t);
            default -> throw new IllegalStateException("no postfix: " + tree.getClass());
        };
        depth--;
        return made;
    }

    private Expr member(KilnParser.MemberContext tree) {
        boolean primed = tree.PRIMED() != null;
        Name name = primed ? unprimed(tree.PRIMED().getSymbol()) : name(tree.name());
        return new Expr.Member(span(tree), postfix(tree.postfix()), name, primed);
    }

    private Expr call(KilnParser.CallContext tree) {
        Expr callee = postfix(tree.postfix());
        if (tree.arguments() == null) return new Expr.Call(span(tree), callee, List.of(), List.of());
        var arguments = new ArrayList<Expr.Argument>();
        for (ArgumentContext argument : tree.arguments().argument()) {
            if (argument.name() != null && AXIS_WORDS.contains(argument.name().getText())) {
                problems.add(new SyntaxProblem.AxisArgument(span(argument.name()), argument.name().getText(), callee.span().text()));
            } else {
                arguments.add(new Expr.Argument(span(argument), Optional.ofNullable(argument.name()).map(this::name), range(argument.range())));
            }
        }
        return new Expr.Call(span(tree), callee, List.copyOf(arguments), tree.arguments().binder().stream().map(this::binder).toList());
    }

    Index binder(BinderContext tree) {
        return new Index(span(tree), name(tree.name()), tree.DOTS() != null, Optional.ofNullable(tree.expr()).map(this::expr));
    }

    /// `a`, `a..b` or `a..`
    Expr range(RangeContext tree) {
        Expr low = expr(tree.expr(0));
        if (tree.DOTS() == null) return low;
        if (tree.expr().size() == 2) return new Expr.Range(span(tree), low, expr(tree.expr(1)));
        if (low instanceof Expr.Reference axes && !axes.primed()) return new Expr.Axes(span(tree), new Name(axes.span(), axes.name()));
        problems.add(new SyntaxProblem.OpenRange(span(tree), low.span().text()));
        return low;
    }

    private Expr primary(PrimaryContext tree) {
        return switch (tree) {
            case KilnParser.WholeContext t -> whole(span(t), t.getText());
            case KilnParser.RealContext t -> new Expr.Real(span(t), Double.parseDouble(t.getText().replace("_", "")));
            case KilnParser.StringContext t -> new Expr.Text(span(t), string(t.STRING().getSymbol()));
            case KilnParser.TruthContext t -> new Expr.Truth(span(t), t.TRUE() != null);
            case KilnParser.ReferenceContext t -> new Expr.Reference(span(t), t.getText(), false);
            case KilnParser.NextContext t -> new Expr.Reference(span(t), unprimed(t.PRIMED().getSymbol()).text(), true);
            case KilnParser.FreshContext t -> new Expr.Fresh(span(t), name(t.name()));
            case KilnParser.TupleContext t -> t.expr().size() == 1 ? expr(t.expr(0)) : new Expr.Tuple(span(t), exprs(t.expr()));
            case KilnParser.ItemsContext t -> new Expr.Items(span(t), exprs(t.expr()));
            case KilnParser.ChooseContext t -> conditional(t.conditional());
            default -> throw new IllegalStateException("no primary: " + tree.getClass());
        };
    }

    private Expr conditional(ConditionalContext tree) {
        Expr otherwise = tree.conditional() != null ? conditional(tree.conditional()) : expr(tree.expr(1));
        return new Expr.Choose(span(tree), expr(tree.condition().expr()), expr(tree.expr(0)), otherwise);
    }

    Expr.Whole whole(Span span, String digits) {
        try {
            return new Expr.Whole(span, Long.parseLong(digits.replace("_", "")));
        } catch (NumberFormatException tooLarge) {
            problems.add(new SyntaxProblem.NumberTooLarge(span));
            return new Expr.Whole(span, Long.MAX_VALUE);
        }
    }

    Expr.TypeName type(TypeContext tree) {
        return new Expr.TypeName(span(tree), name(tree.name()), tree.dim().stream().map(this::dim).toList());
    }

    List<Expr.TypeName> types(List<TypeContext> trees) {
        return trees.stream().map(this::type).toList();
    }

    /// A type, or one of the words `fn`, `layer`, `cell` as if it were one.
    Expr.TypeName kind(KindContext tree) {
        return tree.type() != null ? type(tree.type()) : new Expr.TypeName(span(tree), new Name(span(tree), tree.getText()), List.of());
    }

    private Expr dim(DimContext tree) {
        Expr axis = range(tree.range());
        return tree.name() == null ? axis : new Expr.Ragged(span(tree), axis, name(tree.name()));
    }

    /// The text of a string: quotes off, `\n \t \" \\` resolved.
    String string(Token token) {
        String quoted = token.getText();
        var text = new StringBuilder();
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = quoted.charAt(++i);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case '"', '\\' -> text.append(escaped);
                default -> problems.add(new SyntaxProblem.UnknownEscape(places.within(token, i - 1, i + 1), escaped));
            }
        }
        return text.toString();
    }
}
