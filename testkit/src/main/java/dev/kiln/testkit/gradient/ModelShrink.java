package dev.kiln.testkit.gradient;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import dev.kiln.testkit.gradient.ModelCheck.Failure;
import dev.kiln.testkit.gradient.ModelCheck.Settings;
import dev.kiln.testkit.gradient.ModelCheck.Wrt;
import dev.kiln.testkit.gradient.PropertyRun.Counterexample;
import dev.kiln.testkit.shrink.Shrinker;
import dev.kiln.testkit.shrink.SourceCuts;
import dev.kiln.testkit.shrink.Values;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Makes a failing network small: its text as long as the same gradient is blamed, then the values of the sample.
/// A change that does not check, or fails in another way, is no candidate.
public final class ModelShrink {
    private static final int TEXTS = 3000;
    private static final int SAMPLES = 1000;

    private final Compiler compiler;
    private final SourceFile source;

    public ModelShrink(Compiler compiler, SourceFile source) {
        this.compiler = compiler;
        this.source = source;
    }

    /// A smallest case.
    /// @param text     that fails
    /// @param smallest the values of a simplest sample
    /// @param blame    at that sample
    public record Smallest(String text, Map<String, Array> smallest, Optional<Blame> blame) {
        public Smallest {
            smallest = Map.copyOf(smallest);
        }
    }

    /// The network that failed, and everything else of the file that the failure needs.
    public Smallest network(String name, Settings settings, Failure failure) {
        Optional<String> wrong = failure.blame().map(Blame::what);
        var everything = new Settings(Wrt.ALL, 1, Duration.ofDays(1), settings.seed(), settings.sizes(), settings.second());
        var numbers = Stream.of(failure.number(), 0, 1, 2).distinct().toList();
        String culprit = culprit(failure.blame());
        Predicate<String> fails = text -> text.contains(culprit) && failure(text, name, everything, numbers).filter(f -> f.blame().map(Blame::what).equals(wrong)).isPresent();
        if (!fails.test(source.text())) return new Smallest(source.text(), failure.values(), failure.blame());
        String text = text(fails);
        Failure small = failure(text, name, everything, numbers).orElse(failure);
        var values = new Shrinker<Map<String, Array>>(given -> Values.simpler(given, small.real()), given -> blame(small, given).map(Blame::what).equals(wrong), SAMPLES).smallest(small.values());
        return new Smallest(text, values, blame(small, values).or(small::blame));
    }

    /// What a property that fails needs of its file.
    public String property(PropertyCase property, Counterexample failure) {
        Optional<String> wrong = failure.blame().map(Blame::what);
        String culprit = culprit(failure.blame());
        return text(text -> text.contains(culprit) && checked(text).flatMap(c -> c.properties().stream().filter(p -> p.title().equals(property.title())).findFirst()).filter(p -> fails(p, failure, wrong)).isPresent());
    }

    /// The function that is blamed stays as it was written: it is what somebody has to mend.
    private String culprit(Optional<Blame> blame) {
        return everyDeclaration().filter(d -> d instanceof Ast.Function f && f.gradient().isPresent() && blame.filter(b -> b.name().equals(f.name().text())).isPresent()).map(d -> d.span().text()).findFirst().orElse("");
    }

    private Stream<Ast.Declaration> everyDeclaration() {
        Checked checked = compiler.check(source).checked();
        return Stream.concat(Stream.of(source), checked.neighbours().stream()).flatMap(file -> Parser.parse(file, new Problems()).declarations().stream());
    }

    private static boolean fails(PropertyCase property, Counterexample at, Optional<String> wrong) {
        try {
            return PropertyRun.again(property, at.sizes(), at.inputs(), at.seed()).failure().filter(f -> f.blame().map(Blame::what).equals(wrong)).isPresent();
        } catch (RuntimeException _) {
            return false;   // a text that breaks the compiler is another failure
        }
    }

    private String text(Predicate<String> fails) {
        String inlined = inlined();
        return SourceCuts.tidy(SourceCuts.shrinker(fails, TEXTS).smallest(fails.test(inlined) ? inlined : source.text()));
    }

    /// The text with that of its neighbours in place of `use ./…`.
    private String inlined() {
        var text = new StringBuilder();
        compiler.check(source).checked().neighbours().forEach(n -> text.append(n.text()).append('\n'));
        return text.isEmpty() ? source.text() : text + source.text().replaceAll("(?m)^use \\./[^\\n]*$", "");
    }

    /// A change of the text changes what is drawn, so other samples are looked at, too.
    private Optional<Failure> failure(String text, String network, Settings settings, List<Integer> numbers) {
        try {
            return checked(text).flatMap(c -> c.model(network)).flatMap(m -> numbers.stream().flatMap(k -> ModelCheck.again(m.program(), settings, k, _ -> {}).failure().stream()).findFirst());
        } catch (RuntimeException _) {
            return Optional.empty();   // nothing in it can be differentiated, no sample is finite, or it breaks the compiler
        }
    }

    private Optional<Checked> checked(String text) {
        try {
            Checking checking = compiler.check(new SourceFile(source.name(), text));
            return checking.problems().isEmpty() ? Optional.of(checking.checked()) : Optional.empty();
        } catch (RuntimeException _) {
            return Optional.empty();
        }
    }

    private static Optional<Blame> blame(Failure failure, Map<String, Array> values) {
        return Blame.of(failure.graph(), failure.with(values), failure.loss(), failure.wrt(), failure.seed());
    }
}
