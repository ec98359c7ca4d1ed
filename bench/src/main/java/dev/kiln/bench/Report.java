package dev.kiln.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The file that is committed beside the code: all figures of a run and the machine they hold for.
final class Report {
    private Report() {}

    static Path write(Settings settings, List<Outcome> outcomes) {
        Processor processor = Processor.here();
        Path file = settings.root().resolve("bench/results/" + processor.slug() + ".md");
        var text = new StringBuilder("# Measured on " + processor.name() + "\n\n");
        text.append(String.format(Locale.ROOT, "%d cores, Java %s, %d rounds, %s clock. Medians; spread is that of the middle half; ratio is the best peer's median / ours. ",
                Runtime.getRuntime().availableProcessors(), Runtime.version(), settings.rounds(), settings.clock() == Clock.CPU ? "cpu" : "wall"));
        text.append("Written by `bench/run --report`.\n\n");
        text.append(Table.markdown(outcomes.stream().flatMap(o -> o.rows().stream()).toList())).append("\n```\n");
        outcomes.forEach(o -> o.notes().forEach(n -> text.append(n).append('\n')));
        outcomes.forEach(o -> o.verdicts().forEach(v -> text.append(v).append('\n')));
        text.append("```\n");
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new BenchException(file + " cannot be written: " + e, e);
        }
    }
}
