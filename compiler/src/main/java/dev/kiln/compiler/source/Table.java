package dev.kiln.compiler.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Text with one row a line, UTF-8: comma-separated with quotes as in RFC 4180, or tab-separated without any. Empty lines count for nothing.
public final class Table {
    private static final String BYTE_ORDER_MARK = "\uFEFF";
    private final BufferedReader in;
    private final char separator;
    private int at;

    /// A row. @param number of its first line, counted from 1
    public record Line(int number, List<String> cells) {
        public Line {
            cells = List.copyOf(cells);
        }

        /// A first line is a heading when no cell of it is a number: a line of numbers has at least its label.
        public boolean isHeading() {
            return cells.stream().allMatch(cell -> Double.isNaN(Table.number(cell)));
        }
    }

    public Table(InputStream in, char separator) {
        this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
        this.separator = separator;
    }

    /// The next row; empty at the end.
    public Optional<Line> next() throws IOException {
        String text;
        do {
            text = in.readLine();
            if (text == null) return Optional.empty();
            if (at++ == 0 && text.startsWith(BYTE_ORDER_MARK)) text = text.substring(1);
        } while (text.isEmpty());
        return Optional.of(separator == ',' && text.indexOf('"') >= 0 ? quoted(text) : new Line(at, plain(text)));
    }

    private List<String> plain(String text) {
        var cells = new ArrayList<String>();
        int from = 0;
        for (int to = text.indexOf(separator); to >= 0; to = text.indexOf(separator, from)) {
            cells.add(text.substring(from, to));
            from = to + 1;
        }
        cells.add(text.substring(from));
        return cells;
    }

    /// A cell in quotes may hold separators, line ends and, doubled, quotes.
    private Line quoted(String first) throws IOException {
        int number = at;
        var cells = new ArrayList<String>();
        var cell = new StringBuilder();
        String text = first;
        int i = 0;
        while (true) {
            if (i < text.length() && text.charAt(i) == '"') {
                i++;
                for (boolean open = true; open; ) {
                    int quote = text.indexOf('"', i);
                    if (quote < 0) {
                        cell.append(text, i, text.length()).append('\n');
                        text = in.readLine();
                        if (text == null) throw new IOException("line " + number + ": a cell begins with a quote that is never closed");
                        at++;
                        i = 0;
                    } else {
                        open = quote + 1 < text.length() && text.charAt(quote + 1) == '"';
                        cell.append(text, i, open ? quote + 1 : quote);
                        i = open ? quote + 2 : quote + 1;
                    }
                }
            }
            int end = text.indexOf(separator, i);
            cell.append(text, i, end < 0 ? text.length() : end);
            cells.add(cell.toString());
            if (end < 0) return new Line(number, cells);
            cell.setLength(0);
            i = end + 1;
        }
    }

    /// The finite number that a cell holds, NaN when it holds none. Java's own suffixes (`1f`, `2d`) and hexadecimal are no numbers here.
    public static double number(String cell) {
        int last = cell.length() - 1;
        if (last < 0 || Character.isLetter(cell.charAt(last)) || cell.indexOf('x') >= 0 || cell.indexOf('X') >= 0) return Double.NaN;
        try {
            double value = Double.parseDouble(cell);
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }
}
