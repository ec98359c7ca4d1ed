package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.util.ArrayList;
import java.util.List;

/// The names of a file's columns, none when it has no header line.
public record Header(String file, List<String> names) {
    public Header {
        names = List.copyOf(names);
    }

    int indexOf(String name) {
        if (names.isEmpty()) {
            throw UserError.input("%s has no header line, so column(\"%s\") cannot be found; use its number, counted from 0", file, name);
        }
        int index = names.indexOf(name);
        if (index < 0) {
            throw UserError.input("%s has no column \"%s\"; it has %s", file, name, listed());
        }
        if (names.lastIndexOf(name) != index) {
            throw UserError.input("%s has two columns \"%s\" (%d and %d); use the number", file, name, index, names.lastIndexOf(name));
        }
        return index;
    }

    String describe(int column) {
        return column < names.size() ? "column %d (\"%s\")".formatted(column, names.get(column)) : "column " + column;
    }

    /// A cell as a message shows it.
    static String quoted(String cell) {
        if (cell.isBlank()) {
            return "nothing";
        }
        return '"' + (cell.length() > 24 ? cell.substring(0, 24) + "…" : cell) + '"';
    }

    private String listed() {
        List<String> quoted = new ArrayList<>();
        for (String name : names.subList(0, Math.min(names.size(), 12))) {
            quoted.add('"' + name + '"');
        }
        int more = names.size() - quoted.size();
        return String.join(", ", quoted) + (more > 0 ? " and %d more".formatted(more) : "");
    }
}
