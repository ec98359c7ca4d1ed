package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Origin;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/// The words of `require`: its message with numbers filled in, the argument to blame, where the numbers come from, and a way out.
final class Messages {
    private static final Pattern HOLE = Pattern.compile("\\{(\\w+)}");

    private Messages() {}

    static String fill(String message, Site site) {
        return HOLE.matcher(message).replaceAll(m -> Matcher.quoteReplacement(
                site.scope().find(m.group(1)).map(b -> Numbers.isNumber(b.item()) ? Numbers.print(b.item()) : b.item() instanceof Item.Word(String w) ? w : b.item().describe()).orElse(m.group())));
    }

    /// Blames the argument that the user wrote for a setting of the condition; without one, the call.
    static CheckProblem refused(Ast.Require r, String message, Site site) {
        var names = new ArrayList<String>();
        Names.references(r.condition(), names::add);
        Span call = site.frame().call();
        var origins = new ArrayList<Origin>();
        Optional<Span> blamed = Optional.empty();
        for (String name : names) {
            var bound = site.scope().find(name);
            if (bound.isEmpty() || !Numbers.isNumber(bound.get().item())) continue;
            Span place = bound.get().place();
            boolean written = place.file() == call.file() && place.start() >= call.start() && place.end() <= call.end();
            if (written && site.frame().instance().isPresent() && place.text().startsWith(name)) blamed = Optional.of(place);
            else if (place.file() == call.file() && !place.equals(call)) origins.add(new Origin(place, name + " = " + Numbers.print(bound.get().item())));
        }
        Span made = site.frame().instance().map(Instance::made).orElse(call);
        return new CheckProblem.RequireFailed(blamed.orElse(site.frame().home().isLibrary() ? made : r.span()), message, origins.stream().distinct().toList(), fix(r.condition(), site));
    }

    /// For `C % groups == 0`: the numbers that divide.
    private static Optional<String> fix(Expr condition, Site site) {
        if (!(condition instanceof Expr.Binary(_, BinaryOperator equal, _, Expr.Binary(_, BinaryOperator remainder, _, Expr.Reference total, Expr.Reference part), Expr.Whole zero))
                || equal != BinaryOperator.EQUAL || remainder != BinaryOperator.REMAINDER || zero.value() != 0) return Optional.empty();
        var dividend = site.scope().find(total.name()).map(Scope.Binding::item);
        if (dividend.isEmpty() || !(dividend.get() instanceof Ratio n) || !n.isWhole() || !n.isConstant()) return Optional.empty();
        long size = n.numerator().toInt();
        var divisors = LongStream.rangeClosed(1, Math.min(size, 4096)).filter(d -> size % d == 0).boxed().collect(Collectors.toCollection(TreeSet::new));
        List<String> first = divisors.stream().limit(6).map(String::valueOf).toList();
        return first.isEmpty() ? Optional.empty() : Optional.of("%s: %s (they divide %d)".formatted(part.name(), String.join(", ", first), size));
    }
}
