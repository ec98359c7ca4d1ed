package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Origin;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;

/// The words of `require`: its message with numbers filled in, the argument to blame, where the numbers come from, and a way out.
final class Messages {
    private static final Pattern HOLE = Pattern.compile("\\{(\\w+)}");
    private static final int MOST_FIXES = 6;
    private final Elaboration in;
    private final Site site;

    Messages(Elaboration in, Site site) {
        this.in = in;
        this.site = site;
    }

    static String fill(String message, Site site) {
        return HOLE.matcher(message).replaceAll(m -> Matcher.quoteReplacement(
                site.scope().find(m.group(1)).map(b -> Numbers.isNumber(b.item()) ? Numbers.print(b.item()) : b.item() instanceof Item.Word(String w) ? w : b.item().describe()).orElse(m.group())));
    }

    /// Blames the argument that the user wrote for a setting of the condition; without one, the call.
    CheckProblem refused(Ast.Require r, String message) {
        var names = new LinkedHashSet<String>();
        Names.references(r.condition(), names::add);
        Site user = user();
        Span call = site.frame().call();
        Span made = site.frame().instance().map(Instance::made).orElse(call);
        Optional<Span> blamed = Optional.empty();
        var origins = new LinkedHashSet<Origin>();
        for (String name : names) {
            var bound = site.scope().find(name);
            if (bound.isEmpty() || !Numbers.isNumber(bound.get().item())) continue;
            Span place = bound.get().place();
            boolean argument = within(place, call) || within(place, made);
            if (argument && !place.equals(call) && isSetting(name)) blamed = Optional.of(place);
            else if (place.file() == made.file()) origins.add(new Origin(place, name + " = " + Numbers.print(bound.get().item())));
            if (place.file() == made.file()) origins.addAll(in.expressions().origins(place, user));
        }
        Span at = blamed.orElse(made);
        origins.removeIf(o -> o.span().equals(at));
        return new CheckProblem.RequireFailed(at, message, mark(r.condition()), List.copyOf(origins), fix(r.condition()));
    }

    /// The nearest caller whose text is the user's.
    private Site user() {
        Site user = site;
        while (user.frame().caller().isPresent() && (user.equals(site) || user.frame().home().isLibrary())) user = user.frame().caller().get();
        return user;
    }

    private boolean isSetting(String name) {
        return site.frame().instance().map(i -> i.settings().containsKey(name)).orElse(true);
    }

    private static boolean within(Span inner, Span outer) {
        return inner.file() == outer.file() && inner.start() >= outer.start() && inner.end() <= outer.end();
    }

    /// `4 does not divide 6`, or the condition with its numbers.
    private String mark(Expr condition) {
        Optional<Divides> divides = divides(condition);
        if (divides.isPresent() && divides.get().total(site).isPresent()) return "%s does not divide %d".formatted(number(divides.get().part()), divides.get().total(site).getAsLong());
        if (condition instanceof Expr.Binary b && b.operator().compareTo(BinaryOperator.LESS) >= 0 && b.operator().compareTo(BinaryOperator.NOT_EQUAL) <= 0) return "%s %s %s does not hold".formatted(value(b.left()), b.operator().sign(), value(b.right()));
        return "";
    }

    private String value(Expr e) {
        Item item = in.expressions().evaluate(e, site);
        return Numbers.isNumber(item) ? Numbers.print(item) : e.span().text();
    }

    private String number(String name) {
        return site.scope().find(name).map(b -> Numbers.print(b.item())).orElse(name);
    }

    /// `total % part == 0`
    private record Divides(Expr whole, String part) {
        /// The number that is to be divided, if it is known.
        OptionalLong total(Site site) {
            if (!(whole instanceof Expr.Reference r)) return OptionalLong.empty();
            var item = site.scope().find(r.name()).map(Scope.Binding::item);
            return item.isPresent() && item.get() instanceof Ratio n && n.isWhole() ? n.numerator().constant() : OptionalLong.empty();
        }
    }

    private static Optional<Divides> divides(Expr condition) {
        return condition instanceof Expr.Binary(_, BinaryOperator equal, _, Expr.Binary(_, BinaryOperator remainder, _, Expr total, Expr.Reference part), Expr.Whole zero)
                && equal == BinaryOperator.EQUAL && remainder == BinaryOperator.REMAINDER && zero.value() == 0 ? Optional.of(new Divides(total, part.name())) : Optional.empty();
    }

    /// The numbers that divide all that the layer wants divided by this setting.
    private Optional<String> fix(Expr condition) {
        Optional<Divides> wanted = divides(condition);
        if (wanted.isEmpty()) return Optional.empty();
        var totals = new ArrayList<Long>();
        wanted.get().total(site).ifPresent(totals::add);
        for (Ast.Statement s : site.frame().instance().map(i -> i.block().body()).orElse(List.of()))
            if (s instanceof Ast.Require r) divides(r.condition()).filter(d -> d.part().equals(wanted.get().part())).ifPresent(d -> d.total(site).ifPresent(totals::add));
        List<Long> numbers = totals.stream().distinct().filter(t -> t > 0).toList();
        if (numbers.isEmpty()) return Optional.empty();
        long common = numbers.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::gcd).longValueExact();
        List<String> divisors = LongStream.rangeClosed(1, Math.min(common, 4096)).filter(d -> common % d == 0).limit(MOST_FIXES).mapToObj(Long::toString).toList();
        String all = divisors.size() == 1 ? divisors.getFirst() : String.join(", ", divisors.subList(0, divisors.size() - 1)) + " or " + divisors.getLast();
        String dividends = String.join(" and ", numbers.stream().map(String::valueOf).toList());
        return Optional.of("%s: %s (%s %s%s)".formatted(wanted.get().part(), all, divisors.size() == 1 ? "it divides" : "they divide", numbers.size() == 2 ? "both " : "", dividends));
    }
}
