package dev.kiln.cli.train;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.source.DataFile;
import dev.kiln.compiler.source.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.StringJoiner;

/// The history of a training as comma-separated text, one line an epoch.
public final class MetricsCsv {
    private static final List<String> OWN = List.of("epoch", "seconds", "best");
    private static final String VALIDATION = "validation_";

    private MetricsCsv() {}

    public static String of(List<Epoch> history) {
        StringBuilder text = new StringBuilder();
        for (Epoch epoch : history) {
            if (text.isEmpty()) {
                text.append(header(epoch)).append('\n');
            }
            text.append(line(epoch)).append('\n');
        }
        return text.toString();
    }

    private static String header(Epoch epoch) {
        StringJoiner names = new StringJoiner(",");
        OWN.forEach(names::add);
        epoch.training().values().keySet().forEach(names::add);
        epoch.validation().ifPresent(scores -> scores.values().keySet().forEach(name -> names.add(VALIDATION + name)));
        return names.toString();
    }

    private static String line(Epoch epoch) {
        StringJoiner cells = new StringJoiner(",");
        cells.add(Integer.toString(epoch.number())).add(String.format(Locale.ROOT, "%.3f", epoch.seconds())).add(epoch.best() ? "1" : "0");
        epoch.training().values().values().forEach(value -> cells.add(cell(value)));
        epoch.validation().ifPresent(scores -> scores.values().values().forEach(value -> cells.add(cell(value))));
        return cells.toString();
    }

    /// As many digits as it takes to read the same number again.
    private static String cell(double value) {
        return Double.toString(value);
    }

    /// The epochs of a file that [#of] wrote.
    public static List<Epoch> read(Path file) {
        try (InputStream in = DataFile.open(file)) {
            var table = new Table(in, ',');
            List<String> names = table.next().orElseThrow().cells();
            List<Epoch> epochs = new ArrayList<>();
            for (Optional<Table.Line> line = table.next(); line.isPresent(); line = table.next()) {
                epochs.add(epoch(names, line.get().cells()));
            }
            return epochs;
        } catch (IOException | NumberFormatException | NoSuchElementException | IndexOutOfBoundsException e) {
            throw UserError.input("%s cannot be read as the epochs of a training: %s", file, e.getMessage());
        }
    }

    private static Epoch epoch(List<String> names, List<String> cells) {
        Map<String, Double> training = new LinkedHashMap<>();
        Map<String, Double> validation = new LinkedHashMap<>();
        for (int i = OWN.size(); i < names.size(); i++) {
            String name = names.get(i);
            double value = Double.parseDouble(cells.get(i));
            if (name.startsWith(VALIDATION)) {
                validation.put(name.substring(VALIDATION.length()), value);
            } else {
                training.put(name, value);
            }
        }
        return new Epoch(Integer.parseInt(cells.getFirst()), new Scores(training), validation.isEmpty() ? Optional.empty() : Optional.of(new Scores(validation)),
                Double.parseDouble(cells.get(1)), cells.get(2).equals("1"));
    }
}
