package dev.kiln.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Holds text against a file of expected text beside the tests; `-Dgolden=bless` writes the file instead.
public final class Golden {
    private Golden() {}

    /// Compares with `src/test/resources/<name>` of the module that runs.
    public static void assertGolden(String name, String actual) {
        assertGolden(Path.of("src", "test", "resources", name), actual);
    }

    static void assertGolden(Path file, String actual) {
        try {
            if (System.getProperty("golden", "check").equals("bless")) Files.writeString(file, actual);
            var expected = Files.exists(file) ? Files.readString(file) : "";
            if (!expected.equals(actual)) throw new AssertionError("%s\nIf the new text is right: mvn test -Dgolden=bless".formatted(difference(file.toString(), expected, actual)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String difference(String name, String expected, String actual) {
        var wanted = expected.lines().toList();
        var found = actual.lines().toList();
        int line = 0;
        while (line < Math.min(wanted.size(), found.size()) && wanted.get(line).equals(found.get(line))) line++;
        return "%s differs at line %d:\n  expected %s\n  found    %s".formatted(name, line + 1, line < wanted.size() ? wanted.get(line) : "its end", line < found.size() ? found.get(line) : "its end");
    }
}
