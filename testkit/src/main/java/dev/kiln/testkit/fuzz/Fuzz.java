package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.testkit.shrink.Shrinker;
import dev.kiln.testkit.shrink.SourceCuts;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;

/// Random programs, one for each seed. What fails is made smaller as long as it fails in the same way: first by statements and sizes, then by what its text is made of.
public final class Fuzz {
    private static final int LONGEST = 10;
    private static final int CANDIDATES = 600;

    private final Trial trial;
    private final Duration patience;

    /// @param patience how long a failure is made smaller at most
    public Fuzz(Compiler compiler, Duration patience) {
        this.trial = new Trial(compiler);
        this.patience = patience;
    }

    /// A program that fails.
    /// @param smallest as small as it could be made
    public record Failure(long seed, Case smallest, Outcome.Wrong wrong) {
        @Override
        public String toString() {
            return "seed %d: %s\n%s".formatted(seed, wrong, smallest.file());
        }
    }

    /// The program of a seed, whatever becomes of it.
    public static Sketch program(long seed) {
        return Author.write(seed, LONGEST);
    }

    /// What becomes of a program, one of a file for example.
    public Outcome run(Case program) {
        return trial.of(program);
    }

    /// The text of a seed's program with a mistake in it.
    public static Case spoiled(long seed) {
        var right = program(seed).asCase();
        return right.with(Spoiler.spoiled(right.text(), new Random(seed)));
    }

    /// What becomes of a text with a mistake: `Wrong` when it is neither refused in words nor right after all.
    public Outcome check(Case spoiled) {
        return trial.ofSpoiled(spoiled);
    }

    /// The smallest text that fails to be refused in the same way.
    public Failure smallest(Case spoiled, Outcome.Wrong wrong) {
        long end = System.nanoTime() + patience.toNanos();
        var text = SourceCuts.shrinker(t -> System.nanoTime() < end && check(spoiled.with(t)) instanceof Outcome.Wrong w && w.kind().equals(wrong.kind()), CANDIDATES).smallest(spoiled.text());
        return new Failure(spoiled.seed(), spoiled.with(text), check(spoiled.with(text)) instanceof Outcome.Wrong w ? w : wrong);
    }

    /// The smallest program that fails in the same way.
    public Failure smallest(Sketch written, Outcome.Wrong wrong) {
        long end = System.nanoTime() + patience.toNanos();
        Predicate<Case> fails = c -> System.nanoTime() < end && run(c) instanceof Outcome.Wrong w && w.kind().equals(wrong.kind());
        var statements = new Shrinker<>(Sketch::simpler, s -> fails.test(s.asCase()), CANDIDATES).smallest(written).asCase();
        var text = SourceCuts.shrinker(t -> fails.test(statements.with(t)), CANDIDATES).smallest(statements.text());
        var tidy = statements.with(SourceCuts.tidy(text));
        var best = Optional.of(tidy).filter(fails).orElse(statements.with(text));
        return new Failure(written.seed(), best, run(best) instanceof Outcome.Wrong w ? w : wrong);
    }
}
