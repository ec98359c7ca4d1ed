package dev.kiln.compiler.syntax;

import dev.kiln.compiler.syntax.Ast.Broken;
import dev.kiln.compiler.syntax.Ast.Name;
import dev.kiln.grammar.KilnParser;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.tree.ErrorNode;
import org.antlr.v4.runtime.tree.ParseTree;

/// Which parts of a parse tree a mistake spoils, and which names would have been bound there.
final class Damage {
    private static final Set<Integer> DECLARING = Set.of(KilnParser.IN, KilnParser.OUT, KilnParser.PARAM, KilnParser.STATE, KilnParser.DRAW,
            KilnParser.FN, KilnParser.LAYER, KilnParser.CELL, KilnParser.NETWORK, KilnParser.OPTIMIZER, KilnParser.CONST);

    private final Tokens tokens;

    Damage(Tokens tokens) {
        this.tokens = tokens;
    }

    /// True when the tree has a mistake outside of the statements inside it: those look after themselves.
    boolean spoils(ParserRuleContext tree) {
        if (tree.exception != null) return true;
        var rest = new ArrayDeque<ParseTree>();
        children(tree).forEach(rest::push);
        while (!rest.isEmpty()) {
            switch (rest.pop()) {
                case ErrorNode _ -> {
                    return true;
                }
                case KilnParser.BodyContext body -> {
                    if (body.exception != null || body.getChild(0) instanceof ErrorNode) return true;
                }
                case KilnParser.TrainStatementContext _, KilnParser.ProofStatementContext _ -> { }
                case ParserRuleContext rule -> {
                    if (rule.exception != null) return true;
                    children(rule).forEach(rest::push);
                }
                default -> { }
            }
        }
        return false;
    }

    /// The parts of a tree, without what was skipped between the statements of `train` and of proofs.
    private static List<ParseTree> children(ParserRuleContext rule) {
        boolean body = rule instanceof KilnParser.TrainContext || rule instanceof KilnParser.ProofContext;
        return rule.children == null ? List.of() : rule.children.stream().filter(child -> !(body && child instanceof ErrorNode)).toList();
    }

    /// Names that the words of this tree would have bound: before `=` (or a `==` in its place), and after the words that declare.
    List<Name> names(ParserRuleContext tree) {
        int last = tree.getStop() == null ? tree.getStart().getTokenIndex() : tree.getStop().getTokenIndex();
        return names(tree.getStart().getTokenIndex(), last);
    }

    Broken broken(int first, int last) {
        return new Broken(tokens.span(first).to(tokens.span(last)), names(first, last));
    }

    private List<Name> names(int first, int last) {
        var found = new LinkedHashMap<String, Name>();
        for (int at = first; at <= last; at++) {
            int type = tokens.type(at);
            if (DECLARING.contains(type)) {
                for (int next = at + 1; next <= last && isName(next); next += 2) {
                    add(found, next);
                    if (tokens.type(next + 1) != KilnParser.COMMA) break;
                }
            } else if (type == KilnParser.ASSIGN || type == KilnParser.EQ) {
                targets(first, at).forEach(index -> add(found, index));
            }
        }
        return List.copyOf(found.values());
    }

    /// The names left of a `=`, their indices skipped.
    private List<Integer> targets(int first, int assign) {
        var found = new ArrayList<Integer>();
        int brackets = 0;
        for (int at = assign - 1; at >= first; at--) {
            int type = tokens.type(at);
            if (type == KilnParser.RB) brackets++;
            else if (type == KilnParser.LB) brackets--;
            else if (brackets == 0 && isName(at) && (tokens.type(at + 1) != KilnParser.NAME)) found.addFirst(at);
            else if (brackets == 0 && type != KilnParser.COMMA) break;
        }
        return found;
    }

    private boolean isName(int index) {
        int type = tokens.type(index);
        return type == KilnParser.NAME || type == KilnParser.PRIMED;
    }

    private void add(Map<String, Name> found, int index) {
        String text = tokens.word(index).getText();
        String name = text.endsWith("'") ? text.substring(0, text.length() - 1) : text;
        found.putIfAbsent(name, new Name(tokens.span(index), name));
    }
}
