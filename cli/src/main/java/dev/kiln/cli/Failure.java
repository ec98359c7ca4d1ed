package dev.kiln.cli;

import dev.kiln.compiler.driver.CompilerBug;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.driver.UsageException;
import dev.kiln.compiler.group.NoKernel;
import dev.kiln.runtime.DivergedException;
import dev.kiln.runtime.ShapeException;
import dev.kiln.runtime.WeightsException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine.Help.Ansi;

/// An exception as a person reads it. This is the one place that turns exceptions into words.
/// @param report problems of a `.nn` file, which have a form of their own; otherwise `message` is said on one line
record Failure(int exitCode, boolean report, String message) {
    static Failure of(Throwable thrown) {
        return switch (thrown) {
            case UserError e -> new Failure(e.exitCode(), false, e.getMessage());
            case ProblemsException e -> new Failure(ExitCode.PROBLEMS, true, Paint.report(e.problems()));
            case UsageException e -> usage(e.getMessage());
            case ShapeException e -> new Failure(ExitCode.PROBLEMS, false, e.getMessage());
            case WeightsException e -> new Failure(ExitCode.PROBLEMS, false, e.getMessage());
            case DivergedException e -> new Failure(ExitCode.PROBLEMS, false, e.getMessage());
            case NoKernel e -> new Failure(ExitCode.PROBLEMS, false, e.getMessage());
            case CompilerBug e -> usage(e.getMessage());
            case NoSuchFileException e -> usage("there is no file " + e.getFile());
            case AccessDeniedException e -> usage("no permission for " + e.getFile());
            case FileSystemException e -> usage("cannot read or write " + e.getMessage());
            case UncheckedIOException e -> of(e.getCause());
            case IOException e -> usage(e.getMessage());
            case OutOfMemoryError _ -> usage("not enough memory; KILN_JAVA_OPTIONS=-Xmx8g gives more");
            default -> usage("this is a bug of Kiln (%s); run again with --stacktrace and report it".formatted(thrown));
        };
    }

    static Failure usage(String message) {
        return new Failure(ExitCode.USAGE, false, message);
    }

    String text(Ansi ansi) {
        return report ? ansi.string(message) : ansi.string("@|bold,red error:|@ ") + message;
    }
}
