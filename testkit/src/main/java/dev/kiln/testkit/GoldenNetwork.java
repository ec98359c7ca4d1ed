package dev.kiln.testkit;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `.nn` file that says behind its network what the stages make of it; `-Dgolden=bless` writes the expected lines anew.
///
/// ```
/// //! dump predict after schedule
/// //> what the stage prints of entry predict
/// //! count relu = 1 in predict after group
/// ```
///
/// They stand behind the network, so that new expected text moves none of its lines: dumps name them.
public final class GoldenNetwork {
    private static final String EXPECTED = "//>";
    private static final Pattern PARTS = Pattern.compile("\n\n|\n(?=entry )");
    private static final Pattern DUMP = Pattern.compile("//! dump (\\w+) after (\\w+)");
    private static final Pattern COUNT = Pattern.compile("//! count (.+) = (\\d+) in (\\w+) after (\\w+)");

    private final Compiler compiler;
    private final SourceFile source;

    private GoldenNetwork(Compiler compiler, SourceFile source) {
        this.compiler = compiler;
        this.source = source;
    }

    /// Holds every `//!` line of the file.
    public static void assertGolden(Compiler compiler, Path file) throws IOException {
        var text = Files.readString(file);
        var golden = new GoldenNetwork(compiler, new SourceFile(file.getFileName().toString(), text));
        var now = golden.lines(text.lines().filter(line -> !line.startsWith(EXPECTED)).toList());
        Golden.assertGolden(file, String.join("\n", now) + "\n");
    }

    private List<String> lines(List<String> given) {
        var lines = new ArrayList<String>();
        for (var line : given) {
            lines.add(line);
            if (line.startsWith("//!")) lines.addAll(answer(line));
        }
        return lines;
    }

    private List<String> answer(String line) {
        var dump = DUMP.matcher(line);
        if (dump.matches())
            return section(dump.group(1), dump.group(2)).map(text -> (EXPECTED + " " + text).stripTrailing()).toList();
        var count = COUNT.matcher(line);
        if (count.matches()) {
            var found = section(count.group(3), count.group(4)).filter(text -> text.contains(count.group(1))).toList();
            if (found.size() != Integer.parseInt(count.group(2)))
                throw new AssertionError("%s: %s\nfound %d lines:\n%s".formatted(source.name(), line, found.size(), String.join("\n", found)));
            return List.of();
        }
        throw new AssertionError("%s: `%s` is neither `//! dump ENTRY after STAGE` nor `//! count WORDS = NUMBER in ENTRY after STAGE`".formatted(source.name(), line));
    }

    /// The part of a dump that this name heads: `entry predict …` for predict, `weights` for weights.
    private Stream<String> section(String name, String stage) {
        return PARTS.splitAsStream(compiler.dump(source, Optional.empty(), stage))
                .filter(part -> part.matches("(?s)(entry )?" + name + "\\b.*")).findFirst()
                .orElseThrow(() -> new AssertionError("%s: stage %s prints nothing of %s".formatted(source.name(), stage, name))).lines();
    }
}
