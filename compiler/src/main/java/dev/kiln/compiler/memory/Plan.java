package dev.kiln.compiler.memory;

import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.compiler.schedule.Steps;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An entry ready to be written as code: its steps, the buffers of the arena with the steps between which they live, and the binding: which number stands at which index.
/// @param dims    the symbolic dims, at indices 0, 1, …
/// @param binding every other number that is computed once a binding, with its index; offsets of slots are put there by the runtime
public record Plan(Steps steps, List<String> dims, List<Slot> slots, Map<IndexExpr, Integer> binding) {
    /// A buffer and the first and the last step that touch it.
    public record Slot(Buffer buffer, int first, int last) {}

    public static Plan of(Steps steps, List<String> dims) {
        var slots = new LinkedHashMap<Buffer, Slot>();
        for (int i = 0; i < steps.steps().size(); i++) {
            int step = i;
            for (var buffer : steps.steps().get(i).buffers())
                if (buffer.space() == Space.ARENA) slots.merge(buffer, new Slot(buffer, step, step), (old, now) -> new Slot(buffer, old.first(), now.last()));
        }
        var binding = new LinkedHashMap<IndexExpr, Integer>();
        for (int d = 0; d < dims.size(); d++) binding.put(new IndexExpr.Size(Dim.variable(dims.get(d))), d);
        for (var step : steps.steps()) {
            step.expressions(e -> {
                if (e instanceof IndexExpr.Size || e instanceof IndexExpr.Height) put(binding, e);
            });
            if (!step.tasks().isNumber(1)) put(binding, step.tasks());
            put(binding, step.cost());
        }
        for (var output : steps.entry().outputs()) for (var dim : output.value().type().shape()) if (!dim.isConstant()) put(binding, IndexExpr.size(dim));
        for (var slot : slots.values()) {
            put(binding, IndexExpr.size(slot.buffer().size()));
            put(binding, new IndexExpr.Offset(slot.buffer()));
        }
        return new Plan(steps, List.copyOf(dims), List.copyOf(slots.values()), binding);
    }

    private static void put(Map<IndexExpr, Integer> binding, IndexExpr e) {
        binding.putIfAbsent(e, binding.size());
    }

    /// The index of a number in the binding.
    public int index(IndexExpr e) {
        var index = binding.get(e);
        if (index == null) throw new IllegalStateException("%s is not in the binding of entry %s".formatted(e, steps.entry().name()));
        return index;
    }

    /// No step reads a buffer that nobody has written, and every slot lives as long as it is touched.
    public void verify() {
        var live = new ArrayList<Buffer>();
        for (var slot : slots) if (slot.first() <= slot.last()) live.add(slot.buffer());
        for (Step step : steps.steps())
            for (var buffer : step.buffers()) if (buffer.space() == Space.ARENA && !live.contains(buffer)) throw new IllegalStateException(step.name() + " touches " + buffer + ", which has no slot");
    }

    public String dump() {
        var text = new StringBuilder("entry ").append(steps.entry().name()).append(", dims ").append(dims).append('\n');
        for (var slot : slots) text.append("  ").append(slot.buffer()).append(" : ").append(slot.buffer().size()).append(" floats, steps ").append(slot.first()).append("..").append(slot.last()).append('\n');
        text.append("  weights prepared into ").append(steps.derivedSize()).append(" floats\n");
        return text.toString();
    }
}
