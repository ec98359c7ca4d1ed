package dev.kiln.cli.data;

/// One cell of a text file.
final class Cell {
    private Cell() {}

    /// The finite number that a cell holds, NaN when it holds none. Java's own suffixes (`1f`, `2d`) and hexadecimal are no numbers here.
    static double number(String cell) {
        int last = cell.length() - 1;
        if (last < 0 || Character.isLetter(cell.charAt(last)) || cell.indexOf('x') >= 0 || cell.indexOf('X') >= 0) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(cell);
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException _) {
            return Double.NaN;
        }
    }

    /// The cell as a message shows it.
    static String quoted(String cell) {
        if (cell.isBlank()) {
            return "nothing";
        }
        return '"' + (cell.length() > 24 ? cell.substring(0, 24) + "…" : cell) + '"';
    }
}
