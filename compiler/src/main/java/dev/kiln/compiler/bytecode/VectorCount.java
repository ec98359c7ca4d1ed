package dev.kiln.compiler.bytecode;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.Label;

/// Counts what the JVM must keep in vector registers: operations on vectors, and locals that hold vectors and are alive at one time.
final class VectorCount {
    private sealed interface Event {}

    private record Load(int slot) implements Event {}

    private record Write(int slot) implements Event {}

    private record Place(Label label) implements Event {}

    /// To `target`, or on to the next when conditional.
    private record Branch(Label target, boolean conditional) implements Event {}

    private final List<Event> events = new ArrayList<>();
    private int operations;
    private double quick;

    void load(int slot) {
        events.add(new Load(slot));
    }

    void store(int slot) {
        events.add(new Write(slot));
    }

    void place(Label label) {
        events.add(new Place(label));
    }

    void branch(Label target) {
        events.add(new Branch(target, true));
    }

    void leave(Label target) {
        events.add(new Branch(target, false));
    }

    void operation() {
        operations++;
    }

    /// A call as the quick compiler weighs it.
    void quick(double weight) {
        quick += weight;
    }

    /// Whether the JVM's quick compiler takes the method.
    boolean isQuick() {
        return quick <= QuickCompiler.MOST;
    }

    int operations() {
        return operations;
    }

    /// The most vector locals alive between two instructions: the usual backward flow, repeated until loops have settled.
    int live() {
        Map<Label, BitSet> atLabel = new HashMap<>();
        int most = 0;
        boolean changed = true;
        while (changed) {
            changed = false;
            var alive = new BitSet();
            for (Event event : events.reversed()) {
                switch (event) {
                    case Load(int slot) -> alive.set(slot);
                    case Write(int slot) -> alive.clear(slot);
                    case Place(Label label) -> changed |= widen(atLabel, label, alive);
                    case Branch(Label target, boolean conditional) -> {
                        if (!conditional) alive.clear();
                        alive.or(atLabel.getOrDefault(target, new BitSet()));
                    }
                }
                most = Math.max(most, alive.cardinality());
            }
        }
        return most;
    }

    private static boolean widen(Map<Label, BitSet> atLabel, Label label, BitSet alive) {
        BitSet known = atLabel.computeIfAbsent(label, _ -> new BitSet());
        int before = known.cardinality();
        known.or(alive);
        return known.cardinality() != before;
    }
}
