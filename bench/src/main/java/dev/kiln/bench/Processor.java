package dev.kiln.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The machine that a figure belongs to.
record Processor(String name) {
    /// The model that Linux names, with family and model number since hypervisors shorten it; elsewhere the architecture.
    static Processor here() {
        Path info = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(info)) return new Processor(System.getProperty("os.arch"));
        try {
            List<String> lines = Files.readAllLines(info, StandardCharsets.UTF_8);
            return new Processor(value(lines, "model name") + ", family " + value(lines, "cpu family") + " model " + value(lines, "model"));
        } catch (IOException e) {
            throw new BenchException(info + " cannot be read: " + e, e);
        }
    }

    private static String value(List<String> lines, String key) {
        return lines.stream().map(l -> l.split(":", 2)).filter(l -> l.length == 2 && l[0].strip().equals(key)).map(l -> l[1].strip()).findFirst().orElse("unknown");
    }

    /// Fit for a file's name.
    String slug() {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }
}
