package dev.kiln.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.bench.Contender.Role;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    private static final List<Contender> CONTENDERS = List.of(new FiguresTest.Fake(Role.OURS, 1));

    @Test
    void aSampleBesideANeighbourIsTakenAgain() {
        // before the sample, after it, and before and after the one that counts; then one undisturbed
        Queue<Boolean> looks = new ArrayDeque<>(List.of(false, true, false, true, true, true, true));
        var rounds = new Rounds(Clock.WALL, 2, looks::remove, Duration.ofHours(1));
        assertEquals(2, rounds.of(CONTENDERS).getFirst().seconds().size());
        assertTrue(looks.isEmpty(), looks::toString);
        assertEquals(Optional.of("2 samples taken again because others worked on the same cores, 0 kept all the same"), rounds.neighbours());
    }

    @Test
    void whoNeverLeavesIsNotWaitedFor() {
        var rounds = new Rounds(Clock.WALL, 3, () -> false, Duration.ZERO);
        assertEquals(3, rounds.of(CONTENDERS).getFirst().seconds().size());
        assertEquals(Optional.of("0 samples taken again because others worked on the same cores, 3 kept all the same"), rounds.neighbours());
    }

    @Test
    void aQuietRunSaysNothing() {
        var rounds = new Rounds(Clock.WALL, 1, () -> true, Duration.ZERO);
        rounds.of(CONTENDERS);
        assertEquals(Optional.empty(), rounds.neighbours());
    }

    @Test
    void aLookAtOneOrTwoCoresEnds() {
        for (int cores = 1; cores <= 2; cores++) {
            var here = new OwnCores(cores);
            for (int i = 0; i < 3; i++) here.alone();
        }
    }
}
