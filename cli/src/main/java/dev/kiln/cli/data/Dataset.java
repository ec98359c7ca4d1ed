package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The rows of a data file as the inputs of a network.
public record Dataset(Path path, int rows, List<Feature> features) {
    public Dataset {
        features = List.copyOf(features);
    }

    /// Reads what is wanted, in one pass.
    public static Dataset read(Rows reader, Path path, List<Wanted> wanted) {
        Loader loader = new Loader(wanted);
        reader.read(path, loader);
        if (loader.rows == 0) {
            throw UserError.input("%s has a header line and no rows", path);
        }
        return new Dataset(path, loader.rows, loader.features());
    }

    /// Whether rows differ in length.
    public boolean isRagged() {
        return features.stream().anyMatch(RaggedRows.class::isInstance);
    }

    /// Numbers of a row, of all inputs.
    int size(int row) {
        return features.stream().mapToInt(feature -> feature.size(row)).sum();
    }

    private static final class Loader implements Sink {
        private final List<Wanted> wanted;
        private final Map<String, Feature.Collector> collectors = new LinkedHashMap<>();
        private int rows;

        Loader(List<Wanted> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void header(Header header) {
            for (Wanted one : wanted) {
                switch (one) {
                    case Wanted.Fixed open -> collectors.put(open.name(), fixed(open, header));
                    case Wanted.Ragged ragged -> collectors.put(ragged.name(), new RaggedRows.Collector(ragged, header));
                    case Wanted.Lengths _ -> { }
                }
            }
        }

        private static Feature.Collector fixed(Wanted.Fixed open, Header header) {
            Picker picker = new Binder(header).bind(open.columns());
            Wanted.Fixed w = open.sized(picker.width());
            if (picker.width() != w.width()) {
                throw UserError.input("%s takes %d numbers a row, and the data block gives it %d", w, w.width(), picker.width());
            }
            return new FixedRows.Collector(w, picker);
        }

        @Override
        public void row(Row row) {
            collectors.values().forEach(c -> c.add(row));
            for (Wanted one : wanted) {
                if (one instanceof Wanted.Lengths lengths) {
                    agree(lengths, row);
                }
            }
            rows++;
        }

        private void agree(Wanted.Lengths lengths, Row row) {
            String first = lengths.of().getFirst();
            for (String other : lengths.of()) {
                if (length(first) != length(other)) {
                    throw UserError.input("%s: %s has %d steps and %s has %d, but both have the length %s; inputs of different lengths name two: T~len and S~others",
                            row.place(), first, length(first), other, length(other), lengths.name());
                }
            }
        }

        private int length(String ragged) {
            return ((RaggedRows.Collector) collectors.get(ragged)).last();
        }

        List<Feature> features() {
            Map<String, Feature> found = new LinkedHashMap<>();
            collectors.forEach((name, collector) -> found.put(name, collector.finish()));
            List<Feature> features = new ArrayList<>();
            for (Wanted one : wanted) {
                features.add(one instanceof Wanted.Lengths(var name, var of)
                        ? new RowLengths(name, (RaggedRows) found.get(of.getFirst()))
                        : found.get(one.name()));
            }
            return features;
        }
    }
}
