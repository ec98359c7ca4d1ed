package dev.kiln.compiler.syntax;

import dev.kiln.compiler.syntax.Ast.Broken;
import dev.kiln.compiler.syntax.Ast.Drawn;
import dev.kiln.compiler.syntax.Ast.Path;
import dev.kiln.compiler.syntax.Ast.Statement;
import dev.kiln.compiler.syntax.Ast.Target;
import dev.kiln.grammar.KilnParser;
import dev.kiln.grammar.KilnParser.BindContext;
import dev.kiln.grammar.KilnParser.BodyContext;
import dev.kiln.grammar.KilnParser.ChoiceContext;
import dev.kiln.grammar.KilnParser.DrawnContext;
import dev.kiln.grammar.KilnParser.MemberPathContext;
import dev.kiln.grammar.KilnParser.ParamStatementContext;
import dev.kiln.grammar.KilnParser.ProofStatementContext;
import dev.kiln.grammar.KilnParser.StatementContext;
import dev.kiln.grammar.KilnParser.TargetContext;
import dev.kiln.grammar.KilnParser.TrainStatementContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;

/// Parse tree to tree, for bodies and their statements. A statement with a mistake in it becomes [Broken].
final class StatementBuilder {
    private final ExprBuilder expr;
    private final Damage damage;
    private final Documentation documentation;

    StatementBuilder(ExprBuilder expr, Damage damage, Documentation documentation) {
        this.expr = expr;
        this.damage = damage;
        this.documentation = documentation;
    }

    List<Statement> body(BodyContext tree) {
        return all(tree);
    }

    List<Statement> training(KilnParser.TrainContext tree) {
        return all(tree);
    }

    List<Statement> proof(KilnParser.ProofContext tree) {
        return all(tree);
    }

    private List<Statement> all(ParserRuleContext body) {
        var statements = new ArrayList<Statement>();
        for (int i = 0; i < body.getChildCount(); i++) {
            ParseTree child = body.getChild(i);
            switch (child) {
                case StatementContext t -> statements.add(whole(t) ? statement(t) : broken(t));
                case TrainStatementContext t -> statements.add(whole(t) ? trainStatement(t) : broken(t));
                case ProofStatementContext t -> statements.add(whole(t) ? proofStatement(t) : broken(t));
                case ErrorNode first -> {
                    int last = i;
                    while (body.getChild(last + 1) instanceof ErrorNode) last++;
                    int end = ((ErrorNode) body.getChild(last)).getSymbol().getTokenIndex();
                    statements.add(damage.broken(first.getSymbol().getTokenIndex(), end));
                    i = last;
                }
                default -> { }
            }
        }
        return List.copyOf(statements);
    }

    private boolean whole(ParserRuleContext tree) {
        return !damage.spoils(tree);
    }

    private Broken broken(ParserRuleContext tree) {
        return new Broken(expr.span(tree), damage.names(tree));
    }

    private String documented(ParserRuleContext tree) {
        return documentation.above(tree.getStart().getLine());
    }

    private Statement statement(StatementContext tree) {
        return switch (tree) {
            case KilnParser.InStatementContext t -> new Ast.In(expr.span(t), documented(t), expr.name(t.name()), expr.type(t.type()));
            case KilnParser.OutStatementContext t -> new Ast.Out(expr.span(t), documented(t), expr.name(t.name()),
                    Optional.ofNullable(t.expr()).map(expr::expr));
            case ParamStatementContext t -> param(t);
            case KilnParser.StateStatementContext t -> new Ast.State(expr.span(t), documented(t), expr.names(t.name()), expr.type(t.type()), expr.expr(t.expr()));
            case KilnParser.DrawStatementContext t -> new Ast.Draw(expr.span(t), expr.name(t.name()), expr.type(t.type()), expr.expr(t.expr()));
            case KilnParser.RequireStatementContext t -> new Ast.Require(expr.span(t), expr.expr(t.expr()), expr.string(t.STRING().getSymbol()),
                    expr.span(t.STRING().getSymbol()));
            case KilnParser.BindStatementContext t -> bind(t.bind());
            case KilnParser.ChoiceStatementContext t -> choice(t.choice());
            case KilnParser.ForStatementContext t -> loop(t);
            case KilnParser.ReturnStatementContext t -> new Ast.Return(expr.span(t), expr.exprs(t.expr()));
            case KilnParser.StopStatementContext t -> new Ast.Stop(expr.span(t), expr.expr(t.expr()));
            default -> throw new IllegalStateException("no statement: " + tree.getClass());
        };
    }

    private Statement param(ParamStatementContext tree) {
        var values = new ArrayList<>(tree.expr());
        Expr init = expr.expr(values.removeFirst());
        Optional<Ast.When> when = Optional.empty();
        if (tree.WHEN() != null) {
            var condition = values.removeFirst();
            var otherwise = values.removeFirst();
            when = Optional.of(new Ast.When(expr.span(tree.WHEN().getSymbol()).to(expr.span(otherwise)), expr.expr(condition), expr.expr(otherwise)));
        }
        Optional<Expr> decay = tree.DECAY() == null ? Optional.empty() : Optional.of(expr.expr(values.removeFirst()));
        return new Ast.Param(expr.span(tree), documented(tree), expr.name(tree.name()), expr.type(tree.type()), init, when, decay, tree.SPARSE() != null);
    }

    private Ast.Bind bind(BindContext tree) {
        return new Ast.Bind(expr.span(tree), tree.target().stream().map(this::target).toList(), expr.expr(tree.expr()));
    }

    private Target target(TargetContext tree) {
        boolean primed = tree.PRIMED() != null;
        return new Target(expr.span(tree), primed ? expr.unprimed(tree.PRIMED().getSymbol()) : expr.name(tree.name()), primed,
                primed ? tree.place().stream().map(this::place).toList() : tree.binder().stream().<Ast.Place>map(expr::binder).toList());
    }

    private Ast.Place place(KilnParser.PlaceContext tree) {
        return tree.binder() != null ? expr.binder(tree.binder()) : new Ast.Fixed(expr.span(tree), expr.whole(expr.span(tree), tree.INT().getText()));
    }

    private Ast.If choice(ChoiceContext tree) {
        List<Statement> otherwise = List.of();
        if (tree.choice() != null) otherwise = List.of(choice(tree.choice()));
        if (tree.body().size() == 2) otherwise = body(tree.body(1));
        return new Ast.If(expr.span(tree), expr.expr(tree.condition().expr()), body(tree.body(0)), otherwise);
    }

    private Statement loop(KilnParser.ForStatementContext tree) {
        var head = tree.forHead();
        return head.LT() != null
                ? new Ast.Repeat(expr.span(tree), expr.name(head.name(0)), expr.expr(head.expr()), body(tree.body()))
                : new Ast.Each(expr.span(tree), expr.names(head.name()), expr.expr(head.expr()), body(tree.body()));
    }

    private Statement trainStatement(TrainStatementContext tree) {
        return switch (tree) {
            case KilnParser.LossStatementContext t -> new Ast.Loss(expr.span(t), expr.expr(t.expr()));
            case KilnParser.MetricStatementContext t -> new Ast.Metric(expr.span(t), expr.expr(t.expr()));
            case KilnParser.OptimizerStatementContext t -> new Ast.Optimize(expr.span(t), expr.expr(t.expr()), paths(t.memberPath()));
            case KilnParser.ClipStatementContext t -> new Ast.Clip(expr.span(t), expr.name(t.name()), expr.expr(t.expr()));
            case KilnParser.FreezeStatementContext t -> new Ast.Freeze(expr.span(t), paths(t.memberPath()));
            case KilnParser.LoadStatementContext t -> new Ast.Load(expr.span(t), path(t.memberPath()), expr.string(t.STRING().getSymbol()));
            case KilnParser.PatienceStatementContext t -> new Ast.Patience(expr.span(t), expr.expr(t.expr()));
            case KilnParser.AccumulateStatementContext t -> new Ast.Accumulate(expr.span(t), expr.expr(t.expr()));
            case KilnParser.AverageStatementContext t -> new Ast.Average(expr.span(t), expr.expr(t.expr()));
            case KilnParser.EpochsStatementContext t -> new Ast.Epochs(expr.span(t), expr.expr(t.expr()));
            case KilnParser.ValidateStatementContext t -> new Ast.Validate(expr.span(t), expr.expr(t.expr()));
            case KilnParser.SeedStatementContext t -> new Ast.Seed(expr.span(t), expr.expr(t.expr()));
            case KilnParser.DataStatementContext t -> new Ast.Data(expr.span(t), expr.expr(t.expr()), t.column().stream()
                    .map(c -> new Ast.Column(expr.span(c), expr.name(c.name()), expr.expr(c.expr()))).toList());
            case KilnParser.PlainStatementContext t -> statement(t.statement());
            default -> throw new IllegalStateException("no statement of training: " + tree.getClass());
        };
    }

    private List<Path> paths(List<MemberPathContext> trees) {
        return trees.stream().map(this::path).toList();
    }

    private Path path(MemberPathContext tree) {
        return new Path(expr.span(tree), expr.names(tree.name()));
    }

    private Statement proofStatement(ProofStatementContext tree) {
        return switch (tree) {
            case KilnParser.ExpectProofContext t -> {
                Optional<Ast.Near> near = t.NEAR() == null ? Optional.empty()
                        : Optional.of(new Ast.Near(expr.span(t.expr(1)).to(expr.span(t.expr(2))), expr.expr(t.expr(1)), expr.expr(t.expr(2))));
                yield new Ast.Expect(expr.span(t), expr.expr(t.expr(0)), near);
            }
            case KilnParser.GradcheckProofContext t -> new Ast.GradCheck(expr.span(t), expr.expr(t.expr()), t.drawn().stream().map(this::drawn).toList());
            case KilnParser.ForallProofContext t -> new Ast.ForAll(expr.span(t), t.drawn().stream().map(this::drawn).toList(), List.of(whole(t.proofStatement()) ? proofStatement(t.proofStatement()) : broken(t.proofStatement())));
            case KilnParser.BindProofContext t -> bind(t.bind());
            default -> throw new IllegalStateException("no proof: " + tree.getClass());
        };
    }

    private Drawn drawn(DrawnContext tree) {
        return new Drawn(expr.span(tree), expr.name(tree.name()), Optional.ofNullable(tree.type()).map(expr::type), Optional.ofNullable(tree.range()).map(expr::range));
    }
}
