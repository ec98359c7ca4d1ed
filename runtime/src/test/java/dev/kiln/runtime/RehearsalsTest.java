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

    /// Three steps that take 10, 20 and 40 ns a row. The last two call kernel 1, the first and the last kernel 0.
    private static final class Code extends FakeEntry {
        private final int[] boxes;
        private final int[] calls = new int[2];
        private int idle;
        /// Which list of kernels it has.
        private int last = 2;
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
            return new Door[] {new Door("x", Door.Kind.FLOAT, -1)};
        }

        @Override
        public Door[] outputs() {
            return new Door[0];
        }

        @Override
        public int bindingLength() {
            return 4;
        }

        @Override
        public void derive(int[] b) {
            for (int step = 0; step < 3; step++) b[1 + step] = (10 * b[0]) << step;
        }

        @Override
        public int cost(int step) {
            return 1 + step;
        }

        @Override
        public int steps() {
            return 3;
        }

        @Override
        public int[] rehearsals() {
            if (last == 0) return new int[] {0, 0, 0, -1, 1, 1};
            return last == 1 ? new int[] {0, 0, 1, 1} : new int[] {0, 0, 1, 1, 2, 0, 2, 1};
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
        new Rehearsals(code, Width.W128, () -> Arrays.stream(code.calls).sum() >= stopAfter).run(first, new Binding(code, 1), gained::add);
        return gained;
    }

    @Test
    void stepsAreGainedWhenAllTheirKernelsAreWarm() {
        var code = new Code(300, 100);
        List<int[]> gained = gained(code, 0, Integer.MAX_VALUE);
        assertArrayEquals(new int[] {1}, gained.get(0));
        assertArrayEquals(new int[] {0, 2}, gained.get(1));
        assertTrue(code.calls[0] >= 300 && code.branched);
        assertTrue(code.idle > 5 * Arrays.stream(code.calls).sum(), "most calls are idle: " + code.idle);
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
        code.last = 1;
        assertEquals(1, gained(code, 1, Integer.MAX_VALUE).size());
        assertEquals(0, code.calls[0]);
    }

    @Test
    void stepsWithAKernelThatHasNoRehearsalAreNotGained() {
        var code = new Code(0, 0);
        code.last = 0;
        List<int[]> gained = gained(code, 0, Integer.MAX_VALUE);
        assertArrayEquals(new int[] {1}, gained.stream().flatMapToInt(Arrays::stream).toArray());
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
