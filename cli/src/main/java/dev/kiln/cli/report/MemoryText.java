package dev.kiln.cli.report;

import dev.kiln.cli.summary.Amounts;
import dev.kiln.cli.summary.SummaryText;
import dev.kiln.cli.summary.Table;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.memory.Plan.Slot;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.runtime.Alignment;
import dev.kiln.runtime.Placement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The arena of an entry: which value lives from step to step, how large it is, and whose place it takes.
public final class MemoryText {
    private static final int BYTES = 4;
    private static final int BAR = 40;
    /// Most values that are told by name where a place is shared.
    private static final int MOST = 3;

    private final Plan plan;
    private final Sizes sizes;
    private final List<Slot> slots;
    private final int[] floats;
    private final int[] offsets;
    private final int arena;
    private final boolean chained;

    private MemoryText(Measured measured) {
        plan = measured.plan();
        sizes = measured.sizes();
        slots = plan.slots();
        chained = measured.isChained();
        floats = new int[slots.size()];
        offsets = new int[slots.size()];
        int outside = place(IntStream.range(0, slots.size()).filter(i -> !isInner(i)).toArray(), sizes, 0);
        arena = chained ? place(IntStream.range(0, slots.size()).filter(this::isInner).toArray(), measured.block(), outside - Alignment.FIRST) : outside;
    }

    /// Is there room for one block of rows only?
    private boolean isInner(int slot) {
        return chained && plan.isInner(slots.get(slot));
    }

    /// Places some of the slots as the runtime does for a binding, behind what is there: sizes stand in front of it, offsets behind.
    /// @return where the last of them ends
    private int place(int[] some, Sizes bound, int behind) {
        int n = some.length;
        int[] binding = new int[2 * n];
        int[] facts = new int[4 * n];
        for (int i = 0; i < n; i++) {
            Slot slot = slots.get(some[i]);
            binding[i] = Math.toIntExact(bound.of(slot.buffer().size()));
            floats[some[i]] = Alignment.roundUp(binding[i]);
            facts[4 * i] = i;
            facts[4 * i + 1] = slot.first();
            facts[4 * i + 2] = slot.last();
            facts[4 * i + 3] = n + i;
        }
        int top = Placement.place(binding, facts);
        for (int i = 0; i < n; i++) offsets[some[i]] = binding[n + i] + behind;
        return top + behind;
    }

    public static String of(Measured measured) {
        return new MemoryText(measured).text();
    }

    private String text() {
        List<Step> steps = plan.steps().steps();
        long most = 0;
        int peak = 0;
        for (int s = 0; s < steps.size(); s++) {
            long live = 0;
            for (int i = 0; i < slots.size(); i++) if (lives(i, s)) live += floats[i];
            if (live > most) {
                most = live;
                peak = s;
            }
        }
        var text = new StringBuilder();
        text.append("arena ").append(bytes(arena)).append("; most live in step ").append(peak).append(": ").append(bytes(most));
        if (!steps.isEmpty()) text.append("  (").append(Words.of(steps.get(peak))).append(Places.note(steps.get(peak).origin())).append(')');
        text.append('\n');
        plan.dims().forEach(dim -> text.append("grows by ").append(SummaryText.bytes(plan.slope(dim, chained).times(BYTES))).append(" with each ").append(dim).append('\n'));
        if (plan.steps().prepare() > 0) text.append("prepared from the weights, when they change: ").append(bytes(plan.steps().derivedSize())).append('\n');
        if (chained) text.append("values marked # have room for ").append(plan.block()).append(" rows: the steps of a chain take so many at a time\n");
        text.append('\n');
        Table table = new Table(2);
        table.row("value", "line", "bytes", "offset", "steps", "life" + " ".repeat(BAR - 4), "in the place of");
        table.rule();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            Step maker = maker(slot);
            table.row((lives(i, peak) ? "*" : " ") + (isInner(i) ? "# " : " ") + names(slot) + " " + Words.of(maker), Places.of(maker.origin()), bytes(floats[i]), Integer.toString(offsets[i]), slot.first() + ".." + slot.last(), bar(slot, steps.size()), shared(i));
        }
        return text.append(table).append("* lives when most do\n").toString();
    }

    /// `v7`, or `v7 to v31` where later values are written over it, float by float.
    private static String names(Slot slot) {
        return slot.buffers().size() == 1 ? slot.buffer().name() : slot.buffer().name() + " to " + slot.buffers().getLast().name();
    }

    /// The first step that touches it; what crosses the end of a loop or a chain lives from its beginning on.
    private Step maker(Slot slot) {
        List<Step> steps = plan.steps().steps();
        return steps.subList(slot.first(), slot.last() + 1).stream().filter(step -> step.buffers().stream().anyMatch(b -> b.whole().equals(slot.buffer()))).findFirst().orElse(steps.get(slot.first()));
    }

    private boolean lives(int slot, int step) {
        return slots.get(slot).first() <= step && step <= slots.get(slot).last();
    }

    private static String bytes(long floats) {
        return Amounts.bytes((double) BYTES * floats);
    }

    /// `··███···`: the steps from left to right.
    private static String bar(Slot slot, int steps) {
        int columns = Math.min(BAR, steps);
        int from = slot.first() * columns / steps;
        int to = Math.max(from + 1, Math.ceilDiv((slot.last() + 1) * columns, steps));
        return "·".repeat(from) + "█".repeat(to - from) + "·".repeat(columns - to) + " ".repeat(BAR - columns);
    }

    /// Those that lay here before.
    private String shared(int slot) {
        List<String> before = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            boolean overlaps = offsets[i] < offsets[slot] + floats[slot] && offsets[slot] < offsets[i] + floats[i];
            if (overlaps && slots.get(i).last() < slots.get(slot).first()) before.add(slots.get(i).buffer().name());
        }
        return before.size() <= MOST ? String.join(" ", before) : String.join(" ", before.subList(0, MOST)) + " and " + (before.size() - MOST) + " more";
    }
}
