package dev.kiln.runtime;

/// Hears of every step of an entry, from the thread that called, around all tasks of the step.
public interface StepListener {
    /// Right before the first task.
    /// @param step as [Network#steps] counts them
    void begins(int step);

    /// Right after the last task.
    void ended(int step);
}
