package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.layout.LaidOut;
import dev.kiln.compiler.layout.WeightsLayout;
import java.util.List;
import java.util.stream.Collectors;

/// All entries of a program as steps.
public record Scheduled(Program program, WeightsLayout weights, List<Steps> entries) {
    public static Scheduled of(LaidOut laidOut) {
        return of(laidOut, LineChains.LEAST);
    }

    /// All entries with another idea of what a large image is, for tests.
    /// @param least floats of an image from which on it is made a few lines at a time
    public static Scheduled of(LaidOut laidOut, int least) {
        return new Scheduled(laidOut.program(), laidOut.weights(), laidOut.entries().stream().map(entry -> Scheduler.of(entry, least)).toList());
    }

    public void verify() {
        entries.forEach(Steps::verify);
    }

    public String dump() {
        return entries.stream().map(Steps::dump).collect(Collectors.joining("\n"));
    }
}
