package dev.kiln.testkit.mutate;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One JVM of a mutation run: alters a class, lets the corpus look, puts the class back. One line for each mutant: its number, its fate and who killed it. A mutant that hangs ends the JVM; the next one goes on behind it.
final class MutationRun {
    private static final int SECONDS = 20;
    static final int HUNG = 3;

    private MutationRun() {}

    /// The mutants of a run, the same for every JVM of it.
    static List<Mutant> drawn(Kind kind, long seed, int most) {
        var all = new ArrayList<>(kind.mutants());
        Collections.shuffle(all, new Random(seed));
        return all.subList(0, Math.min(most, all.size()));
    }

    /// Tries mutants until one hangs.
    /// @param arguments kind, seed, how many, the first
    public static void main(String... arguments) throws InterruptedException {
        var kind = Kind.valueOf(arguments[0]);
        var mutants = drawn(kind, Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        var corpus = Corpus.of(kind);
        if (Corpus.noticed(corpus.values()) || Corpus.noticed(corpus.texts())) throw new IllegalStateException("a check fails on the compiler as it is");
        var worker = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().factory());
        for (int i = Integer.parseInt(arguments[3]); i < mutants.size(); i++) {
            Mutant mutant = mutants.get(i);
            try {
                Agent.redefine(mutant.type(), Classes.altered(mutant));
            } catch (VerifyError | IllegalArgumentException _) {
                say(i, Fate.INVALID);
                continue;
            }
            try {
                say(i, worker.submit(() -> Corpus.noticed(corpus.values()) ? Fate.KILLED : Corpus.noticed(corpus.texts()) ? Fate.SEEN : Fate.SURVIVED).get(SECONDS, TimeUnit.SECONDS));
            } catch (TimeoutException _) {
                say(i, Fate.HUNG);
                Runtime.getRuntime().halt(HUNG);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
            Agent.redefine(mutant.type(), Classes.bytes(mutant.type()));
        }
    }

    private static void say(int mutant, Fate fate) {
        System.out.println(mutant + " " + fate);
    }
}
