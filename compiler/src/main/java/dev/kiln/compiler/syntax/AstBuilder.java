package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.compiler.syntax.Ast.BlockKind;
import dev.kiln.compiler.syntax.Ast.Broken;
import dev.kiln.compiler.syntax.Ast.Declaration;
import dev.kiln.compiler.syntax.Ast.Name;
import dev.kiln.compiler.syntax.Ast.Statement;
import dev.kiln.grammar.KilnParser;
import dev.kiln.grammar.KilnParser.BlockContext;
import dev.kiln.grammar.KilnParser.DeclarationContext;
import dev.kiln.grammar.KilnParser.FileContext;
import dev.kiln.grammar.KilnParser.FunctionContext;
import dev.kiln.grammar.KilnParser.InputContext;
import dev.kiln.grammar.KilnParser.InputsContext;
import dev.kiln.grammar.KilnParser.SettingContext;
import dev.kiln.grammar.KilnParser.SettingsContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.antlr.v4.runtime.ParserRuleContext;

/// Parse tree to tree, for files and declarations.
final class AstBuilder {
    private final Tokens tokens;
    private final Problems problems;
    private final Documentation documentation;
    private final ExprBuilder expr;
    private final StatementBuilder statements;
    private final Damage damage;

    AstBuilder(Tokens tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
        this.documentation = new Documentation(tokens);
        this.expr = new ExprBuilder(new Places(tokens.file()), problems);
        this.damage = new Damage(tokens);
        this.statements = new StatementBuilder(expr, damage, documentation);
    }

    Ast.File file(FileContext tree) {
        var declarations = new ArrayList<Declaration>();
        for (DeclarationContext declaration : tree.declaration()) {
            if (declaration.getChildCount() > 0) declarations.add(declaration(declaration));
        }
        Span whole = tokens.file().span(0, tokens.file().text().length());
        return new Ast.File(whole, documentation.ofFile(tokens.word(0).getLine()), List.copyOf(declarations));
    }

    private Declaration declaration(DeclarationContext tree) {
        if (damage.spoils(tree)) return new Broken(expr.span(tree), damage.names(tree));
        return switch (tree.getChild(0)) {
            case KilnParser.UseContext t -> new Ast.Use(expr.span(t), t.path().getText(), expr.names(t.name()));
            case KilnParser.ConstantContext t -> new Ast.Constant(expr.span(t), documented(t), expr.name(t.name()),
                    Optional.ofNullable(t.type()).map(expr::type), expr.expr(t.expr()));
            case FunctionContext t -> function(t);
            case BlockContext t -> block(t);
            case KilnParser.TrainContext t -> new Ast.Train(expr.span(t), documented(t), expr.name(t.trainHead().name()),
                    settings(t.trainHead().settings()), statements.training(t));
            case KilnParser.ProofContext t -> new Ast.Proof(expr.span(t), documented(t),
                    t.proofHead().TEST() != null ? Ast.ProofKind.TEST : Ast.ProofKind.PROPERTY,
                    expr.string(t.proofHead().STRING().getSymbol()), t.proofHead().TRAINING() != null, statements.proof(t));
            default -> throw new IllegalStateException("no declaration: " + tree.getText());
        };
    }

    private String documented(ParserRuleContext tree) {
        return documentation.above(tree.getStart().getLine());
    }

    private Declaration function(FunctionContext tree) {
        var head = tree.functionHead();
        Name name = expr.name(head.name());
        named("function", name, false);
        List<Statement> body = tree.body() != null
                ? statements.body(tree.body())
                : List.of(new Ast.Return(expr.span(tree.expr()), List.of(expr.expr(tree.expr()))));
        Optional<Ast.Gradient> gradient = Optional.ofNullable(tree.gradient())
                .map(t -> new Ast.Gradient(expr.span(t), expr.names(t.name()), statements.body(t.body())));
        return new Ast.Function(expr.span(tree), documented(tree), name, inputs(head.inputs()), expr.types(head.type()), body, gradient);
    }

    private Declaration block(BlockContext tree) {
        var head = tree.blockHead();
        BlockKind kind = switch (head.getStart().getType()) {
            case KilnParser.LAYER -> BlockKind.LAYER;
            case KilnParser.CELL -> BlockKind.CELL;
            case KilnParser.NETWORK -> BlockKind.NETWORK;
            default -> BlockKind.OPTIMIZER;
        };
        Name name = expr.name(head.name());
        named(kind.name().toLowerCase(Locale.ROOT), name, true);
        return new Ast.Block(expr.span(tree), documented(tree), kind, name, settings(head.settings()), inputs(head.inputs()), expr.types(head.type()),
                statements.body(tree.body()));
    }

    /// Capitalised names own parameters or state; lower_case names are pure functions.
    private void named(String what, Name name, boolean capitalised) {
        char first = name.text().charAt(0);
        if (Character.isUpperCase(first) == capitalised) return;
        char right = capitalised ? Character.toUpperCase(first) : Character.toLowerCase(first);
        problems.add(new SyntaxProblem.NameCase(name.span(), what, name.text(), capitalised, right + name.text().substring(1)));
    }

    private List<Ast.Setting> settings(SettingsContext tree) {
        return tree == null ? List.of() : tree.setting().stream().map(this::setting).toList();
    }

    private Ast.Setting setting(SettingContext tree) {
        return new Ast.Setting(expr.span(tree), expr.name(tree.name()), tree.kind().stream().map(expr::kind).toList(),
                Optional.ofNullable(tree.expr()).map(expr::expr));
    }

    private List<Ast.Input> inputs(InputsContext tree) {
        return tree == null ? List.of() : tree.input().stream().map(this::input).toList();
    }

    private Ast.Input input(InputContext tree) {
        return new Ast.Input(expr.span(tree), expr.name(tree.name()), expr.type(tree.type()), Optional.ofNullable(tree.expr()).map(expr::expr));
    }
}
