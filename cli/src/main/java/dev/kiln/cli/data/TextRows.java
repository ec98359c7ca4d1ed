package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A text as rows: column i of row r is the number of piece `r·window + i`, and column `window` is the first piece of the next row. What is left at the end is no whole row.
record TextRows(DataSpec.Windows windows) implements Rows {
    @Override
    public void read(Path path, Sink sink) {
        Reader.open(path, in -> {
            String name = path.getFileName().toString();
            int[] numbers = encode(path, new String(in.readAllBytes(), StandardCharsets.UTF_8));
            int window = windows.window();
            if (numbers.length <= window) {
                throw UserError.input("%s has %,d pieces, too few for a window of %,d and the piece behind it", path, numbers.length, window);
            }
            sink.header(new Header(name, List.of()));
            for (int start = 0; start + window < numbers.length; start += window) {
                sink.row(new Window(name, numbers, start, window + 1));
            }
        });
    }

    private int[] encode(Path path, String text) {
        try {
            return windows.vocabulary().encode(text);
        } catch (IllegalArgumentException e) {
            throw UserError.input("%s: %s", path, e.getMessage()).causedBy(e);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a view of bulk numbers, compared by nobody
    private record Window(String file, int[] numbers, int start, int width) implements Row {
        @Override
        public double number(int column) {
            if (column >= width) {
                throw UserError.input("%s: there is no column %d; a row holds %d pieces, counted from 0", place(), column, width);
            }
            return numbers[start + column];
        }

        @Override
        public String text(int column) {
            throw UserError.input("%s: the rows of a running text are numbers of its vocabulary already; read columns of text from csv or tsv", place());
        }

        @Override
        public String place() {
            return file + ", piece " + start;
        }

        @Override
        public String describe(int column) {
            return "column " + column;
        }
    }
}
