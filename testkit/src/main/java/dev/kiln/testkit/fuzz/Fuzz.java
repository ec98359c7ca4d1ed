package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.api.Compiler;
import java.time.Duration;
import java.util.Optional;

/// Random programs, one after another. What fails is made smaller as long as it fails in the same way.
public final class Fuzz {
    private static final int LONGEST = 10;
    private static final Duration SHRINKING = Duration.ofSeconds(40);

    private final Trial trial;

    public Fuzz(Compiler compiler) {
        trial = new Trial(compiler);
    }

    /// A program that fails, as it was written and as small as it could be made.
    public record Failure(Sketch written, Sketch smallest, Outcome.Wrong wrong) {
        @Override
        public String toString() {
            return "seed %d, sizes %s: %s\n%s".formatted(written.seed(), smallest.sizes(), wrong, smallest.text());
        }
    }

    /// What became of so many programs.
    public record Tally(long agreed, long refused) {}

    /// The program of a seed, whatever becomes of it.
    public static Sketch program(long seed) {
        return Author.write(seed, LONGEST);
    }

    public Outcome run(Sketch program) {
        return trial.of(program);
    }

    /// The smallest program that fails in the same way, if the seed's does.
    public Optional<Failure> failure(long seed) {
        return run(program(seed)) instanceof Outcome.Wrong wrong ? Optional.of(smallest(program(seed), wrong)) : Optional.empty();
    }

    /// Takes away as much as possible.
    public Failure smallest(Sketch written, Outcome.Wrong wrong) {
        long end = System.nanoTime() + SHRINKING.toNanos();
        var smallest = written;
        var kept = wrong;
        for (boolean smaller = true; smaller; ) {
            smaller = false;
            for (Sketch next : (Iterable<Sketch>) smallest.simpler()::iterator) {
                if (System.nanoTime() > end) break;
                if (run(next) instanceof Outcome.Wrong w && w.kind().equals(wrong.kind())) {
                    smallest = next;
                    kept = w;
                    smaller = true;
                    break;
                }
            }
        }
        return new Failure(written, smallest, kept);
    }
}
