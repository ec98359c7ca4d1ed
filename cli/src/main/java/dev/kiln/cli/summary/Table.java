package dev.kiln.cli.summary;

import java.util.ArrayList;
import java.util.List;

/// Columns of text as wide as their widest cell; all but the first stand on the right.
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    public void row(String... cells) {
        rows.add(List.of(cells));
    }

    public void rule() {
        rows.add(List.of());
    }

    @Override
    public String toString() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = row.isEmpty() ? "─".repeat(widths[i]) : row.get(i);
                String space = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? cell + space : "  " + space + cell);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
