package dev.kiln.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/// The threads that share the work of one call. A call that does not get the team runs alone, so nothing ever queues.
///
/// A step is cut into [Shares]. The caller takes tasks like the workers, and ends up with all of them where nobody helps: a worker that sleeps costs nothing but its help.
/// Within a call workers spin for the next step; 20 µs after it they park. Waking them takes longer than a small call does: it has their help in a run of calls only, while they spin anyway.
final class Team implements AutoCloseable {
    private static final long SPIN_AFTER_CALL = 20_000;
    /// A call that begins so soon after another goes on with the run that the other belongs to: workers still spin, or would, had they been awake.
    private static final long NEXT_OF_RUN = 10_000;
    /// A call that leaves its workers alone for longer than this may wake them again.
    private static final long SPIN_IN_CALL = 2_000_000;
    private static final long LEAVE_AFTER = 10_000_000_000L;
    /// Who waits for longer than this lets others run: perhaps the one that is waited for has no core.
    private static final long YIELD_AFTER = 20_000;
    /// Who waits for longer than this leaves its core, so that the system may move there what another program keeps from running.
    private static final long NAP_AFTER = 1_000_000;
    private static final long NAP = 50_000;

    private final Worker[] workers;
    private final Shares shares;
    private final boolean spin;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean serving;
    /// When the last call ended that could have used the team.
    private volatile long ended = System.nanoTime() - NEXT_OF_RUN;
    private volatile boolean closed;
    // the step being shared: written before its shares are opened
    private EntryCode code;
    private Width width;
    private int step;
    private int first;
    private Frame[] frames;
    /// What the first task that failed threw.
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    Team(int size) {
        spin = size <= Runtime.getRuntime().availableProcessors();
        shares = new Shares(size);
        workers = new Worker[size - 1];
        for (int i = 0; i < workers.length; i++) workers[i] = new Worker(i + 1);
    }

    int size() {
        return workers.length + 1;
    }

    /// The thread of a worker, null while it has none.
    Thread worker(int index) {
        return workers[index].thread;
    }

    /// Takes the team for a call, if it is free and has anyone in it.
    /// @param small whether the call takes no longer than waking a worker
    boolean tryAcquire(boolean small) {
        if (workers.length == 0 || closed || (small && System.nanoTime() - ended >= NEXT_OF_RUN) || !taken.compareAndSet(false, true)) return false;
        serving = true;
        for (Worker worker : workers) worker.rouse();
        return true;
    }

    void release() {
        serving = false;
        frames = null;
        passed();
        taken.set(false);
    }

    /// A call has ended that could have used the team, but did not get it.
    void passed() {
        ended = System.nanoTime();
    }

    /// Runs tasks `first..first + tasks` of a step in at most `most` shares and returns when all of them are done. Only for the call that has the team.
    void run(EntryCode code, Width width, int step, int first, int tasks, int most, Frame[] frames) {
        this.code = code;
        this.width = width;
        this.step = step;
        this.first = first;
        this.frames = frames;
        int parts = Math.min(most, size());
        shares.open(tasks, parts);
        for (int i = 0; i < parts - 1; i++) workers[i].wake();
        work(0, shares.ticket());
        awaitOthers();
        Throwable thrown = failure.getPlain();
        if (thrown == null) return;
        failure.setPlain(null);
        if (thrown instanceof Error e) throw e;
        throw (RuntimeException) thrown;
    }

    /// Takes tasks until none are left, of the share with this number first.
    private void work(int number, int ticket) {
        int parts = shares.parts();
        int done = 0;
        for (int i = 0; i < parts; i++) {
            int share = number + i < parts ? number + i : number + i - parts;
            for (long some = shares.take(ticket, share); some != 0; some = shares.take(ticket, share)) {
                int from = (int) (some >>> 32);
                int to = (int) some;
                try {
                    code.run(width, step, frames[number], first + from, first + to);
                } catch (RuntimeException | Error t) {
                    failure.compareAndSet(null, t);
                }
                done += to - from;
            }
        }
        if (done > 0) shares.done(done);
    }

    private void awaitOthers() {
        long begin = System.nanoTime();
        while (!shares.isDone()) {
            long waited = System.nanoTime() - begin;
            if (waited < NAP_AFTER) pause(waited);
            else LockSupport.parkNanos(this, NAP);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck")
    private static void pause(long waited) {
        if (waited < YIELD_AFTER) Thread.onSpinWait();
        else Thread.yield();
    }

    /// Sends the workers home once they are idle.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) worker.wake();
    }

    private final class Worker implements Runnable {
        private final int number;
        private volatile boolean parked;
        private volatile Thread thread;

        Worker(int number) {
            this.number = number;
        }

        /// Starts the thread of a worker that has none, or wakes it.
        void rouse() {
            if (thread != null) {
                wake();
                return;
            }
            synchronized (this) {
                if (thread == null) thread = Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("kiln-worker-" + number).start(this);
            }
        }

        void wake() {
            Thread t = thread;
            if (parked && t != null) LockSupport.unpark(t);
        }

        /// A worker that waits looks at the ticket alone, not at what the caller writes for each step and call: every look would make the next write wait.
        @Override
        public void run() {
            Shares shares = Team.this.shares;
            boolean spin = Team.this.spin;
            int seen = shares.ticket() - 1;
            long idle = System.nanoTime();
            while (true) {
                int ticket = shares.ticket();
                long waited = System.nanoTime() - idle;
                if (ticket != seen) {
                    seen = ticket;
                    if (number < shares.parts()) work(number, ticket);
                    idle = System.nanoTime();
                } else if (spin && (waited < SPIN_AFTER_CALL || (waited < SPIN_IN_CALL && serving))) {
                    pause(waited);
                } else if (!serving && (closed || waited > LEAVE_AFTER)) {
                    // a step that begins from now on is done without it
                    thread = null;
                    return;
                } else {
                    park(seen);
                    if (serving) idle = System.nanoTime();
                }
            }
        }

        private void park(int seen) {
            parked = true;
            if (shares.ticket() == seen && !closed) LockSupport.parkNanos(Team.this, LEAVE_AFTER);
            parked = false;
        }
    }
}
