package dev.kiln.bench.gradients;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.stream.Stream;

/// Prints the table: a row for each case, a column for each checker, a cross where the verdict is wrong. Each check runs twice, the second counts.
public final class Main {
    private Main() {}

    /// Checks all of them.
    /// @param arguments the Python script with PyTorch's cases
    public static void main(String... arguments) throws IOException, InterruptedException {
        System.setProperty("org.slf4j.simpleLogger.logFile", "System.out");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        System.setProperty("org.slf4j.simpleLogger.log.org.deeplearning4j.gradientcheck", "info");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        var torch = TorchCheck.all(arguments[0]);
        out.println("| case | gradient | Kiln | Deeplearning4j | PyTorch |\n|---|---|---|---|---|");
        int[] right = new int[3];
        for (Case of : Cases.ALL) {
            Said kiln = twice(KilnCheck::of, of);
            Said peer = twice(PeerCheck::of, of);
            Said python = torch.get(of.name());
            if (kiln.isRight(of)) right[0]++;
            if (peer.isRight(of)) right[1]++;
            if (python != null && python.isRight(of)) right[2]++;
            out.printf("| %s | %s | %s | %s | %s |%n", of.name(), of.right() ? "right" : "wrong", kiln.cell(of), peer.cell(of), python == null ? "not asked" : python.cell(of));
        }
        out.printf("| right verdicts | | %d of %d | %d | %s |%n", right[0], Cases.ALL.size(), right[1], torch.isEmpty() ? "not asked" : right[2]);
    }

    private static Said twice(Function<Case, Said> check, Case of) {
        return Stream.generate(() -> check.apply(of)).limit(2).reduce((_, second) -> second).orElseThrow();
    }
}
