package dev.kiln.testkit.shrink;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// A change of a text: stretches of it that are replaced, none of which overlap.
record Cut(List<Edit> edits) {
    Cut {
        edits = edits.stream().sorted(Comparator.comparingInt(Edit::start)).toList();
    }

    /// From `start` up to, not including, `end`.
    record Edit(int start, int end, String with) {}

    static Cut of(int start, int end, String with) {
        return new Cut(List.of(new Edit(start, end, with)));
    }

    /// One edit for each stretch.
    static Cut all(Map<Integer, Integer> stretches, String with) {
        return new Cut(stretches.entrySet().stream().map(e -> new Edit(e.getKey(), e.getValue(), with)).toList());
    }

    /// How many characters go.
    int gain() {
        return edits.stream().mapToInt(e -> e.end - e.start - e.with.length()).sum();
    }

    String apply(String text) {
        var result = new StringBuilder();
        int at = 0;
        for (Edit e : edits) {
            result.append(text, at, e.start).append(e.with);
            at = e.end;
        }
        return result.append(text.substring(at)).toString();
    }
}
