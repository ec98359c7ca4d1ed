package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SharesTest {
    private static int from(long taken) {
        return (int) (taken >>> 32);
    }

    private static int to(long taken) {
        return (int) taken;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "2, 3", "7, 2", "16, 4", "1536, 2", "17, 17", "2147483647, 8"})
    void sharesCoverAllTasksInOrderAndOverlapNowhere(int tasks, int parts) {
        var shares = new Shares(20);
        shares.open(tasks, parts);
        int next = 0;
        for (int share = 0; share < parts; share++) {
            for (long taken = shares.take(shares.ticket(), share); taken != 0; taken = shares.take(shares.ticket(), share)) {
                assertEquals(next, from(taken));
                next = to(taken);
                shares.done(to(taken) - from(taken));
            }
        }
        assertEquals(tasks, next);
        assertTrue(shares.isDone());
    }

    @Test
    void manySmallTasksTakeFewTurnsAndTheLastOnesAreSingle() {
        var shares = new Shares(1);
        shares.open(1000, 1);
        int[] portions = new int[100];
        int turns = 0;
        for (long taken = shares.take(shares.ticket(), 0); taken != 0; taken = shares.take(shares.ticket(), 0)) portions[turns++] = to(taken) - from(taken);
        assertArrayEquals(new int[] {250, 187, 140}, Arrays.copyOf(portions, 3));
        assertEquals(1, portions[turns - 1]);
        assertTrue(turns < 30);
    }

    @Test
    void whoComesLateGetsNothingOfTheNextStep() {
        var shares = new Shares(2);
        shares.open(4, 2);
        int late = shares.ticket();
        shares.open(4, 2);
        assertEquals(0, shares.take(late, 0));
        assertNotEquals(0, shares.take(shares.ticket(), 0));
        assertFalse(shares.isDone());
    }
}
