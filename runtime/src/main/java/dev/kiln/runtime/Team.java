package dev.kiln.runtime;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// The threads that share the work of one call. A call that does not get the team runs alone, so nothing ever queues.
///
/// The tasks of a step are cut into as many shares as there are threads. The caller runs the first one itself and then every other one that nobody has begun: a worker
/// that sleeps costs nothing but its help. Within a call workers spin for the next step; 20 µs after it they park.
final class Team implements AutoCloseable {
    private static final long SPIN_AFTER_CALL = 20_000;
    /// A call that leaves its workers alone for longer than this may wake them again.
    private static final long SPIN_IN_CALL = 2_000_000;
    private static final long LEAVE_AFTER = 10_000_000_000L;
    private static final int SPINS_BEFORE_YIELD = 2_000;

    private final Worker[] workers;
    private final boolean spin;
    private final AtomicBoolean taken = new AtomicBoolean();
    private volatile boolean serving;
    private volatile boolean closed;
    private long ticket;
    // the step being shared: written before a share is opened, read after it is claimed
    private EntryCode code;
    private Width width;
    private int step;
    private int tasks;
    private int parts;
    private Frame[] frames;

    Team(int size) {
        spin = size <= Runtime.getRuntime().availableProcessors();
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
    boolean tryAcquire() {
        if (workers.length == 0 || closed || !taken.compareAndSet(false, true)) return false;
        serving = true;
        for (Worker worker : workers) worker.rouse();
        return true;
    }

    void release() {
        serving = false;
        frames = null;
        taken.set(false);
    }

    /// Runs a step in at most `most` shares and returns when all of its tasks are done. Only for the call that has the team.
    void run(EntryCode code, Width width, int step, int tasks, int most, Frame[] frames) {
        this.code = code;
        this.width = width;
        this.step = step;
        this.tasks = tasks;
        this.parts = Math.min(most, size());
        this.frames = frames;
        ticket++;
        for (int i = 0; i < parts - 1; i++) workers[i].open(ticket);
        Throwable failure = null;
        try {
            share(0);
        } catch (Throwable t) {
            failure = t;
        }
        for (int i = 0; i < parts - 1; i++) failure = first(failure, finish(workers[i]));
        if (failure instanceof RuntimeException e) throw e;
        if (failure instanceof Error e) throw e;
    }

    private static Throwable first(Throwable a, Throwable b) {
        return a != null ? a : b;
    }

    /// Runs the share of a worker that has not begun it, or waits for it. Yielding serves a machine with fewer free cores than threads.
    @SuppressWarnings("ThreadPriorityCheck")
    private Throwable finish(Worker worker) {
        if (worker.claim(ticket)) {
            try {
                share(worker.number);
                return null;
            } catch (Throwable t) {
                return t;
            }
        }
        for (int spins = 0; worker.done.get() != ticket; spins++) {
            if (spins < SPINS_BEFORE_YIELD) Thread.onSpinWait();
            else Thread.yield();
        }
        return worker.failure;
    }

    private void share(int part) {
        int from = (int) ((long) tasks * part / parts);
        int to = (int) ((long) tasks * (part + 1) / parts);
        if (from < to) code.run(width, step, frames[part], from, to);
    }

    /// Sends the workers home once they are idle.
    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) worker.wake();
    }

    private final class Worker implements Runnable {
        final int number;
        /// The ticket of the share that waits to be begun; 0 when there is none.
        private final AtomicLong open = new AtomicLong();
        final AtomicLong done = new AtomicLong();
        Throwable failure;
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

        void open(long ticket) {
            open.set(ticket);
            wake();
        }

        boolean claim(long ticket) {
            return open.compareAndSet(ticket, 0);
        }

        @Override
        public void run() {
            long idle = System.nanoTime();
            while (true) {
                long ticket = open.get();
                if (ticket != 0) {
                    if (claim(ticket)) serve(ticket);
                    idle = System.nanoTime();
                } else if (spin && System.nanoTime() - idle < (serving ? SPIN_IN_CALL : SPIN_AFTER_CALL)) {
                    Thread.onSpinWait();
                } else if (!serving && (closed || System.nanoTime() - idle > LEAVE_AFTER)) {
                    // a share opened from here on is run by the call itself
                    thread = null;
                    return;
                } else {
                    park();
                    if (serving) idle = System.nanoTime();
                }
            }
        }

        private void serve(long ticket) {
            failure = null;
            try {
                share(number);
            } catch (Throwable t) {
                failure = t;
            }
            done.set(ticket);
        }

        private void park() {
            parked = true;
            if (open.get() == 0 && !closed) LockSupport.parkNanos(Team.this, LEAVE_AFTER);
            parked = false;
        }
    }
}
