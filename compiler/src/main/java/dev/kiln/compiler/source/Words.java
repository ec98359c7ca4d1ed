package dev.kiln.compiler.source;

import java.util.ArrayList;
import java.util.List;

/// What is said of one problem: the message of the first line, the mark under the place, notes, and fixes that begin with `try`.
public record Words(String message, String mark, List<String> notes) {
    public Words {
        notes = List.copyOf(notes);
    }

    public static Words of(String message) {
        return new Words(message, "", List.of());
    }

    public Words mark(String text) {
        return new Words(message, text, notes);
    }

    public Words note(String text) {
        var more = new ArrayList<>(notes);
        more.add(text);
        return new Words(message, mark, more);
    }

    /// A fix, computed for this very place: `= try groups: 1 or 2`.
    public Words fix(String text) {
        return note("try " + text);
    }
}
