package dev.kiln.cli.report;

import dev.kiln.compiler.schedule.Step;

/// What one step does in a call.
///
/// @param number     its place among the steps
/// @param runs       how often it runs: more than once in a loop
/// @param operations floating-point operations of all runs
/// @param bytes      of everything that it reads and writes, of all runs; each buffer once a run
record Work(int number, Step step, Form form, long runs, double operations, double bytes) {
    /// Operations for each byte that moves.
    double intensity() {
        return bytes > 0 ? operations / bytes : 0;
    }
}
