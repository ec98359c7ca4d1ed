package dev.kiln.testkit.fuzz;

import java.util.List;
import java.util.Optional;

/// One statement of a random program and the value it names. In its code `$0`, `$1`, … stand for the values it reads, `$y` for its own name (and what begins with it is its own, too).
/// @param declaration a function, layer or cell that stands before the network
/// @param owns        whether it has weights
record Step(String name, Form form, String code, List<String> reads, Optional<String> declaration, boolean owns) {
    Step {
        reads = List.copyOf(reads);
    }

    private String filled(String text) {
        for (int i = 0; i < reads.size(); i++) text = text.replace("$" + i, reads.get(i));
        return text.replace("$y", name);
    }

    String statement() {
        return filled(code);
    }

    Optional<String> declared() {
        return declaration.map(this::filled);
    }

    /// The same with another value in place of one.
    Step reading(String before, String now) {
        return new Step(name, form, code, reads.stream().map(r -> r.equals(before) ? now : r).toList(), declaration, owns);
    }
}
