package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.source.Table;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/// A [Table] with or without a header line, all of whose rows have one width.
final class Delimited {
    private final String file;
    private final char separator;
    private Header header;
    private int width = -1;

    Delimited(String file, char separator) {
        this.file = file;
        this.separator = separator;
    }

    void read(InputStream in, Sink sink) throws IOException {
        var table = new Table(in, separator);
        for (Optional<Table.Line> line = table.next(); line.isPresent(); line = table.next()) {
            if (header == null) {
                width = line.get().cells().size();
                boolean named = line.get().isHeading();
                header = new Header(file, named ? line.get().cells() : List.of());
                sink.header(header);
                if (named) {
                    continue;
                }
            }
            sink.row(row(line.get()));
        }
        if (header == null) {
            throw UserError.input("%s is empty", file);
        }
    }

    private Row row(Table.Line line) {
        if (line.cells().size() != width) {
            throw UserError.input("%s:%d: this row has %d columns, the rows before it have %d", file, line.number(), line.cells().size(), width);
        }
        return new Cells(line);
    }

    private final class Cells implements Row {
        private final Table.Line line;

        Cells(Table.Line line) {
            this.line = line;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public String text(int column) {
            if (column >= width) {
                throw UserError.input("%s: there is no column %d; the file has %d columns, counted from 0", place(), column, width);
            }
            return line.cells().get(column);
        }

        @Override
        public double number(int column) {
            String cell = text(column);
            double number = Table.number(cell);
            if (Double.isNaN(number)) {
                throw UserError.input("%s: %s holds %s, which is no number", place(), describe(column), Header.quoted(cell));
            }
            return number;
        }

        @Override
        public String place() {
            return file + ":" + line.number();
        }

        @Override
        public String describe(int column) {
            return header.describe(column);
        }
    }
}
