package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RehearsalsTest {
    private static float[] box = new float[4];

    /// Three steps. The last two call kernel 1, the first and the last kernel 0.
    private static final class Code extends FakeEntry {
        private final int[] boxes;
        private final int[] calls = new int[2];
        private int idle;
        /// Whether the last step does without kernel 0.
        private boolean apart;
        private boolean branched;

        /// @param boxes how many calls of each kernel make a box
        Code(int... boxes) {
            this.boxes = boxes;
        }

        @Override
        public String name() {
            return "predict";
        }

        @Override
        public Door[] inputs() {
            return new Door[0];
        }

        @Override
        public Door[] outputs() {
            return new Door[0];
        }

        @Override
        public int bindingLength() {
            return 1;
        }

        @Override
        public void derive(int[] b) {}

        @Override
        public int steps() {
            return 3;
        }

        @Override
        public int[][] rehearsals() {
            return new int[][] {{0}, {1}, apart ? new int[] {1} : new int[] {0, 1}};
        }

        @Override
        public int rehearsalFloats() {
            return 7;
        }

        @Override
        public void rehearse(Width width, int rehearsal, float[] zeros, int way) {
            assertEquals(Width.W128, width);
            assertEquals(7, zeros.length);
            if (way < 0) {
                idle++;
            } else {
                branched |= way == 1;
                if (calls[rehearsal]++ < boxes[rehearsal]) box = box.clone();
            }
        }

        @Override
        public void run(Width width, int step, Frame f, int from, int to) {}
    }

    private static List<int[]> gained(Code code, int first, int stopAfter) {
        var gained = new ArrayList<int[]>();
        new Rehearsals(code, Width.W128, () -> Arrays.stream(code.calls).sum() >= stopAfter).run(first, new long[] {10, 20, 40}, gained::add);
        return gained;
    }

    @Test
    void stepsAreGainedWhenAllTheirKernelsAreWarm() {
        var code = new Code(300, 100);
        List<int[]> gained = gained(code, 0, Integer.MAX_VALUE);
        assertArrayEquals(new int[] {1}, gained.get(0));
        assertArrayEquals(new int[] {0, 2}, gained.get(1));
        assertTrue(code.calls[0] >= 300 && code.branched);
        int working = Arrays.stream(code.calls).sum();
        assertTrue(2 * code.idle > working, () -> "calls that work make boxes: " + code.idle + " idle and " + working + " working calls");
        assertTrue(code.idle < 2 * working, () -> "else what follows the idle loop is compiled as if it were rare: " + code.idle + " idle and " + working + " working calls");
    }

    @Test
    void whatIsWarmIsNotRehearsedAgain() {
        var code = new Code(0, 0);
        assertEquals(2, gained(code, 0, Integer.MAX_VALUE).size());
        assertTrue(Arrays.stream(code.calls).max().orElseThrow() < 10);
    }

    @Test
    void kernelsThatNoStepCallsAnyMoreStayCold() {
        var code = new Code(300, 0);
        code.apart = true;
        assertEquals(1, gained(code, 1, Integer.MAX_VALUE).size());
        assertEquals(0, code.calls[0]);
    }

    @Test
    void nobodyWaitsForWhatIsNoLongerWanted() {
        var code = new Code(Integer.MAX_VALUE, Integer.MAX_VALUE);
        assertEquals(List.of(), gained(code, 0, 300));
        assertTrue(Arrays.stream(code.calls).sum() < 400, () -> "calls go on: " + Arrays.toString(code.calls));
    }

    @Test
    void whoIsInterruptedStaysSoAndRehearsesAllTheSame() {
        Thread.currentThread().interrupt();
        var code = new Code(300, 100);
        List<int[]> gained = gained(code, 0, Integer.MAX_VALUE);
        assertTrue(Thread.interrupted());
        assertEquals(2, gained.size());
    }

    @Test
    void whatAllocatesByItselfIsGivenUp() {
        List<int[]> gained = gained(new Code(Integer.MAX_VALUE, 0), 0, Integer.MAX_VALUE);
        assertEquals(1, gained.size());
        assertArrayEquals(new int[] {1}, gained.getFirst());
    }
}
