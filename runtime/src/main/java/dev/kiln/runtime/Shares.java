package dev.kiln.runtime;

import java.util.concurrent.atomic.AtomicLongArray;

/// The tasks of one step after another, cut into a share for each thread. A thread takes from its own share first, so that from step to step it finds in its cache what it wrote, and then from
/// those of others: a step ends when no task is left, not when its slowest thread has done all of its own.
///
/// A share is one number, its step's ticket and how many of its tasks are left. Whoever takes tasks compares both: a thread that comes late gets nothing of a later step, and
/// what it has read of its own step was true, since that could not end before.
final class Shares {
    /// Longs that no two threads should write in: cache lines come in pairs.
    private static final int APART = 16;
    /// The step's ticket, and behind it how many tasks and shares it has: whoever waits for the one gets all three at once.
    private static final int TICKET = APART;
    private static final int TASKS = TICKET + 1;
    private static final int PARTS = TICKET + 2;
    private static final int DONE = 2 * APART;
    private static final int FIRST = 3 * APART;
    /// Of what is left of a share as much is taken at once: few turns for many small tasks, and one task at the end, when others wait.
    private static final int PORTION = 4;

    private final AtomicLongArray numbers;

    Shares(int threads) {
        numbers = new AtomicLongArray(FIRST + (threads + 1) * APART);
    }

    private static int at(int share) {
        return FIRST + share * APART;
    }

    /// Begins a step of so many tasks in so many shares. Only when the one before is done.
    void open(int tasks, int parts) {
        int ticket = ticket() + 1;
        numbers.setPlain(TASKS, tasks);
        numbers.setPlain(PARTS, parts);
        numbers.setPlain(DONE, 0);
        for (int share = 0; share < parts; share++) numbers.setPlain(at(share), (long) ticket << 32 | (end(share) - end(share - 1)));
        numbers.set(TICKET, ticket);
    }

    /// Of the step that was begun last.
    int ticket() {
        return (int) numbers.get(TICKET);
    }

    int parts() {
        return (int) numbers.getPlain(PARTS);
    }

    private int end(int share) {
        return (int) (numbers.getPlain(TASKS) * (share + 1) / numbers.getPlain(PARTS));
    }

    /// Takes tasks of a share.
    /// @return the first task and the one after the last, upper and lower half; 0 where none are left
    long take(int ticket, int share) {
        int end = end(share);
        while (true) {
            long seen = numbers.get(at(share));
            int left = (int) seen;
            if (left == 0 || (int) (seen >>> 32) != ticket) return 0;
            int portion = Math.max(1, left / PORTION);
            if (numbers.compareAndSet(at(share), seen, seen - portion)) return (long) (end - left) << 32 | (end - left + portion);
        }
    }

    /// Tells that so many of the tasks that were taken are done.
    void done(int count) {
        numbers.getAndAdd(DONE, count);
    }

    boolean isDone() {
        return numbers.get(DONE) == numbers.getPlain(TASKS);
    }
}
