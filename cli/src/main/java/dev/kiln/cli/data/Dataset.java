package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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
        return new Dataset(path, loader.rows, loader.collectors.stream().map(Feature.Collector::finish).toList());
    }

    private static final class Loader implements Sink {
        private final List<Wanted> wanted;
        private final List<Feature.Collector> collectors = new ArrayList<>();
        private int rows;

        Loader(List<Wanted> wanted) {
            this.wanted = wanted;
        }

        @Override
        public void header(Header header) {
            Binder binder = new Binder(header);
            for (Wanted open : wanted) {
                Picker picker = binder.bind(open.columns());
                Wanted w = open.sized(picker.width());
                if (picker.width() != w.width()) {
                    throw UserError.input("%s takes %d numbers a row, and the data block gives it %d", w, w.width(), picker.width());
                }
                collectors.add(new Feature.Collector(w, picker));
            }
        }

        @Override
        public void row(Row row) {
            collectors.forEach(c -> c.add(row));
            rows++;
        }
    }
}
