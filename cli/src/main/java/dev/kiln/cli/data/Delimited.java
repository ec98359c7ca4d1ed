package dev.kiln.cli.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.kiln.cli.UserError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Text with one row a line: comma-separated (RFC 4180) or tab-separated, UTF-8, with or without a header line.
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
        var builder = CsvReader.builder().fieldSeparator(separator).skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE).detectBomHeader(true);
        try (CsvReader<CsvRecord> records = builder.ofCsvRecord(in, StandardCharsets.UTF_8)) {
            for (CsvRecord line : records) {
                if (header == null) {
                    width = line.getFieldCount();
                    boolean named = Header.looksLikeOne(line.getFields());
                    header = new Header(file, named ? line.getFields() : List.of());
                    sink.header(header);
                    if (named) {
                        continue;
                    }
                }
                sink.row(row(line));
            }
        } catch (CsvParseException e) {
            throw UserError.input("%s: %s", file, e.getMessage()).causedBy(e);
        }
        if (header == null) {
            throw UserError.input("%s is empty", file);
        }
    }

    private Row row(CsvRecord line) {
        if (line.getFieldCount() != width) {
            throw UserError.input("%s:%d: this row has %d columns, the rows before it have %d",
                    file, line.getStartingLineNumber(), line.getFieldCount(), width);
        }
        return new Line(line);
    }

    private final class Line implements Row {
        private final CsvRecord line;

        Line(CsvRecord line) {
            this.line = line;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public double number(int column) {
            if (column >= width) {
                throw UserError.input("%s: there is no column %d; the file has %d columns, counted from 0", place(), column, width);
            }
            String cell = line.getField(column);
            double number = Cell.number(cell);
            if (Double.isNaN(number)) {
                throw UserError.input("%s: %s holds %s, which is no number", place(), describe(column), Cell.quoted(cell));
            }
            return number;
        }

        @Override
        public String place() {
            return file + ":" + line.getStartingLineNumber();
        }

        @Override
        public String describe(int column) {
            return header.describe(column);
        }
    }
}
