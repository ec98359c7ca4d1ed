package dev.kiln.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// What is known of the terminal without a library for terminals.
final class Terminal {
    private static final int USUAL_WIDTH = 80;

    private Terminal() {}

    /// Whether a line can be drawn again: input and output are a terminal that understands escape sequences.
    @SuppressWarnings("SystemConsoleNull") // it is null here when input or output is no terminal (JDK 25)
    static boolean redraws() {
        Console console = System.console();
        String kind = System.getenv("TERM");
        return console != null && console.isTerminal() && kind != null && !kind.equals("dumb");
    }

    /// The number of columns, as `stty` says; 80 where it cannot.
    static int columns() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")).start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
            int space = answer.indexOf(' ');
            int columns = stty.waitFor(1, TimeUnit.SECONDS) && space > 0 ? Integer.parseInt(answer.substring(space + 1)) : 0;
            return columns > 0 ? columns : USUAL_WIDTH;
        } catch (IOException | NumberFormatException _) {
            return USUAL_WIDTH;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return USUAL_WIDTH;
        }
    }
}
