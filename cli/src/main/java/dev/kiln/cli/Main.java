package dev.kiln.cli;

import dev.kiln.compiler.driver.CompilerBug;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The `kiln` command.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        System.out.flush();
        System.exit(code);
    }

    /// Runs a command in this JVM and gives its exit code.
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine().setOut(out).setErr(err).execute(arguments);
    }

    /// A library is a jar or a folder of classes.
    private static void opens(CommandLine line, Path library) {
        if (!Files.exists(library)) {
            throw new CommandLine.ParameterException(line, "--library: there is no " + library);
        }
        if (Files.isDirectory(library)) {
            return;
        }
        try {
            new ZipFile(library.toFile()).close();
        } catch (IOException e) {
            throw new CommandLine.ParameterException(line, "--library: " + library + " is no jar: " + e.getMessage(), e);
        }
    }

    private static CommandLine commandLine() {
        Kiln options = new Kiln();
        CommandLine line = new CommandLine(options);
        line.setExecutionStrategy(parsed -> {
            options.libraries.forEach(library -> opens(line, library));
            return Sources.among(options.libraries, () -> new CommandLine.RunLast().execute(parsed));
        });
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, _) -> {
            Kiln kiln = command.getCommandSpec().root().userObject() instanceof Kiln k ? k : new Kiln();
            Failure said = Failure.of(failure);
            command.getErr().println(said.text(command.getColorScheme().ansi()));
            if (kiln.stacktrace) {
                failure.printStackTrace(command.getErr());
                if (failure instanceof CompilerBug bug) {
                    command.getErr().println(bug.lastDump());
                }
            }
            command.getErr().flush();
            return said.exitCode();
        });
        line.setParameterExceptionHandler((failure, _) -> {
            CommandLine command = failure.getCommandLine();
            Ansi ansi = command.getColorScheme().ansi();
            command.getErr().println(Failure.usage(failure.getMessage()).text(ansi));
            if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
                command.getErr().println("`" + command.getCommandSpec().qualifiedName() + " --help` shows how it is used.");
            }
            return ExitCode.USAGE;
        });
        return line;
    }
}
