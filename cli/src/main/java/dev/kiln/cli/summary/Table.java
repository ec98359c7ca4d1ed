package dev.kiln.cli.summary;

import java.util.ArrayList;
import java.util.List;

/// Columns of text as wide as their widest cell; the first ones stand on the left, the others on the right.
public final class Table {
    /// @param cells one that stands alone may be wider than its column
    private record Row(List<String> cells, boolean alone) {}

    private final int left;
    private final List<Row> rows = new ArrayList<>();

    public Table() {
        this(1);
    }

    /// @param left so many columns stand on the left
    public Table(int left) {
        this.left = left;
    }

    public void row(String... cells) {
        rows.add(new Row(List.of(cells), false));
    }

    /// A line of text between the rows.
    public void text(String line) {
        rows.add(new Row(List.of(line), true));
    }

    public void rule() {
        rows.add(new Row(List.of(), false));
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(row -> row.cells.size()).max().orElse(0);
        int[] widths = new int[columns];
        for (Row row : rows) {
            for (int i = 0; i < row.cells.size() && !row.alone; i++) {
                widths[i] = Math.max(widths[i], row.cells.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (Row row : rows) {
            text.append((row.alone ? row.cells.getFirst() : line(row.cells, widths)).stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private String line(List<String> cells, int... widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.isEmpty() ? "─".repeat(widths[i]) : i < cells.size() ? cells.get(i) : "";
            String space = " ".repeat(widths[i] - cell.length());
            line.append(i == 0 ? "" : "  ").append(i < left ? cell + space : space + cell);
        }
        return line.toString();
    }
}
