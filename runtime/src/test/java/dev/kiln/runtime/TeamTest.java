package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TeamTest {
    /// Counts how often each task was run.
    private static class Counting extends FakeEntry {
        final AtomicIntegerArray counts = new AtomicIntegerArray(100);
        final Set<Frame> frames = ConcurrentHashMap.newKeySet();
        int failing = -1;

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
            return 1;
        }

        @Override
        public void run(Width width, int step, Frame f, int from, int to) {
            frames.add(f);
            for (int i = from; i < to; i++) {
                counts.incrementAndGet(i);
                if (i == failing) throw new IllegalStateException("task " + i);
            }
        }
    }

    private static Frame[] frames(int n) {
        Frame[] frames = new Frame[n];
        Arrays.setAll(frames, _ -> new Frame(new float[0], new float[0], new float[0], 0, 0, Frame.SCRATCH));
        return frames;
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void everyTaskRunsOnceInEachStep(int size) {
        var code = new Counting();
        try (Team team = new Team(size)) {
            for (int call = 0; call < 50; call++) {
                assertTrue(team.tryAcquire(false));
                for (int step = 0; step < 20; step++) team.run(code, Width.W1, 0, 0, step * 5, 99, frames(size));
                team.release();
            }
        }
        for (int task = 0; task < 100; task++) assertEquals(50 * (task >= 95 ? 0 : 19 - task / 5), code.counts.get(task));
    }

    @Test
    void someTasksOfAStepRunAlone() {
        var code = new Counting();
        try (Team team = new Team(3)) {
            assertTrue(team.tryAcquire(false));
            team.run(code, Width.W1, 0, 40, 7, 3, frames(3));
            team.release();
        }
        for (int task = 0; task < 100; task++) assertEquals(task >= 40 && task < 47 ? 1 : 0, code.counts.get(task));
    }

    @Test
    void aStepMayBeSharedByFewerThanTheTeam() {
        var code = new Counting();
        Frame[] frames = frames(8);
        try (Team team = new Team(8)) {
            assertTrue(team.tryAcquire(false));
            for (int i = 0; i < 100; i++) team.run(code, Width.W1, 0, 0, 100, 3, frames);
            team.release();
        }
        assertTrue(Set.of(frames[0], frames[1], frames[2]).containsAll(code.frames));
    }

    @Test
    void aFailureOfAnyThreadReachesTheCaller() {
        try (Team team = new Team(4)) {
            assertTrue(team.tryAcquire(false));
            for (int failing : new int[] {0, 30, 60, 99}) {
                var code = new Counting();
                code.failing = failing;
                assertEquals("task " + failing, assertThrows(IllegalStateException.class, () -> team.run(code, Width.W1, 0, 0, 100, 4, frames(4))).getMessage());
                var healthy = new Counting();
                team.run(healthy, Width.W1, 0, 0, 100, 4, frames(4));
                for (int task = 0; task < 100; task++) assertEquals(1, healthy.counts.get(task));
            }
            team.release();
        }
    }

    @Test
    void whoIsDoneTakesFromTheShareOfOneThatIsSlow() {
        var byTheOther = new CountDownLatch(51);
        var code = new Counting() {
            @Override
            public void run(Width width, int step, Frame f, int from, int to) {
                super.run(width, step, f, from, to);
                if (from == 0) await(byTheOther);
                else for (int i = from; i < to; i++) byTheOther.countDown();
            }
        };
        try (Team team = new Team(2)) {
            assertTrue(team.tryAcquire(false));
            // whoever takes the first task waits until the other one has done more than a half
            team.run(code, Width.W1, 0, 0, 100, 2, frames(2));
            team.release();
        }
        for (int task = 0; task < 100; task++) assertEquals(1, code.counts.get(task));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void oneCallAtATimeHasTheTeam() {
        try (Team team = new Team(2)) {
            assertTrue(team.tryAcquire(false));
            assertFalse(team.tryAcquire(false));
            team.release();
            assertTrue(team.tryAcquire(false));
            team.release();
        }
    }

    @Test
    void aSmallCallHasTheTeamRightAfterAnotherOnly() throws InterruptedException {
        try (Team team = new Team(2)) {
            assertFalse(team.tryAcquire(true));
            boolean acquired = false;
            // now and then another program runs between the two
            for (int i = 0; i < 1000 && !acquired; i++) {
                team.passed();
                acquired = team.tryAcquire(true);
            }
            assertTrue(acquired);
            team.release();
            Thread.sleep(1);
            assertFalse(team.tryAcquire(true));
            assertTrue(team.tryAcquire(false));
        }
    }

    @Test
    void aTeamOfOneOrAClosedOneIsNobody() {
        try (Team alone = new Team(1)) {
            assertFalse(alone.tryAcquire(false));
        }
        Team closed = new Team(2);
        closed.close();
        assertFalse(closed.tryAcquire(false));
    }

    @Test
    void workersLeaveWhenTheTeamIsClosed() throws InterruptedException {
        var code = new Counting();
        Team team = new Team(2);
        assertTrue(team.tryAcquire(false));
        team.run(code, Width.W1, 0, 0, 100, 2, frames(2));
        team.release();
        Thread worker = team.worker(0);
        team.close();
        worker.join(5_000);
        assertFalse(worker.isAlive());
    }
}
