package dev.kiln.compiler.memory;

import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.memory.Plan.Slot;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.compiler.schedule.Steps;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// From which step to which a buffer of the arena lives. One that is touched inside and outside of a loop or a chain lives through all of it; one that only the body touches is
/// written in each iteration before it is read, and lives as in a body that runs once; what says stop is read when the iteration is done. What a step makes float by float from what
/// nobody reads later takes its place.
final class Lives {
    static List<Slot> of(Steps steps) {
        var touched = new LinkedHashMap<Buffer, Slot>();
        for (int i = 0; i < steps.steps().size(); i++) {
            int step = i;
            for (var buffer : steps.steps().get(i).buffers())
                if (buffer.space() == Space.ARENA) touched.merge(buffer.whole(), Slot.of(buffer.whole(), step, steps.last(step)), (old, now) -> old.lasting(old.first(), Math.max(old.last(), now.last())));
        }
        for (int i = 0; i < steps.steps().size(); i++) over(steps.steps().get(i), i, steps, touched);
        var slots = new ArrayList<>(touched.values());
        for (var region : steps.regions().reversed()) slots.replaceAll(slot -> through(region.stop().filter(slot.buffer()::equals).isPresent() ? slot.lasting(slot.first(), region.end() - 1) : slot, region.first(), region.end()));
        steps.chain().ifPresent(chain -> chain.ranges().forEach(range -> slots.replaceAll(slot -> through(slot, range.first(), range.end()))));
        return List.copyOf(slots);
    }

    /// Outside of loops, where what a step reads may come back.
    private static void over(Step step, int at, Steps steps, Map<Buffer, Slot> slots) {
        if (step.over().isEmpty() || steps.regions().stream().anyMatch(r -> r.contains(at))) return;
        var made = slots.get(step.over().get().made());
        var read = slots.values().stream().filter(s -> s.buffers().getLast().equals(step.over().get().read())).findFirst();
        if (made == null || read.isEmpty() || read.get().last() != at || made.first() != at) return;
        slots.remove(made.buffer());
        slots.put(read.get().buffer(), read.get().followed(made));
    }

    private static Slot through(Slot slot, int first, int end) {
        boolean inside = first <= slot.first() && slot.last() < end;
        boolean apart = slot.last() < first || end <= slot.first();
        return inside || apart ? slot : slot.lasting(Math.min(slot.first(), first), Math.max(slot.last(), end - 1));
    }

    /// How many more floats live at the step that needs most of them when `dim` is one larger.
    static Dim slope(List<Slot> slots, String dim) {
        var most = Dim.ZERO;
        for (var at : slots) {
            var live = Dim.ZERO;
            for (var slot : slots) if (slot.first() <= at.first() && at.first() <= slot.last()) live = live.plus(growth(slot.buffer().size().steady(), dim));
            if (size(live) > size(most)) most = live;
        }
        return most;
    }

    private static Dim growth(Dim size, String dim) {
        return size.substitute(java.util.Map.of(dim, Dim.variable(dim).plus(1))).minus(size);
    }

    /// Slopes compare as they are at one typical size.
    static long size(Dim slope) {
        return slope.evaluate(_ -> 32);
    }

    private Lives() {}
}
