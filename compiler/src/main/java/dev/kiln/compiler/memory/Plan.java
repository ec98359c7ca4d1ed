package dev.kiln.compiler.memory;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.schedule.ChainSteps;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.compiler.schedule.Steps;
import dev.kiln.compiler.type.Dim;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// An entry ready to be written as code: its steps, the buffers of the arena with the steps between which they live, and the binding: which number stands at which index.
/// @param dims    the symbolic dims, at indices 0, 1, …
/// @param binding every other number that is computed once a binding, with its index; offsets of slots are put there by the runtime
/// @param block   how many rows chains take at a time, 0 without chains
public record Plan(Steps steps, List<String> dims, List<Slot> slots, Map<IndexExpr, Integer> binding, int block) {
    /// Floats that live at one time in a chain: a part of a cache of the second level, beside the weights.
    private static final long CACHE = 1 << 16;

    /// A place of the arena, and the first and the last step that touch it.
    /// @param buffers what lies there, one after the other: each is written over the one before, float by float
    public record Slot(List<Buffer> buffers, int first, int last) {
        public Slot {
            buffers = List.copyOf(buffers);
        }

        static Slot of(Buffer buffer, int first, int last) {
            return new Slot(List.of(buffer), first, last);
        }

        public Buffer buffer() {
            return buffers.getFirst();
        }

        Slot lasting(int from, int to) {
            return new Slot(buffers, from, to);
        }

        /// What lies there next, too.
        Slot followed(Slot by) {
            return new Slot(Stream.concat(buffers.stream(), by.buffers.stream()).toList(), first, by.last);
        }
    }

    public static Plan of(Steps steps, List<String> dims) {
        var slots = Lives.of(steps);
        var binding = new LinkedHashMap<IndexExpr, Integer>();
        for (int d = 0; d < dims.size(); d++) binding.put(new IndexExpr.Size(Dim.variable(dims.get(d))), d);
        for (var step : steps.steps()) {
            step.expressions(e -> {
                if (e instanceof IndexExpr.Size || e instanceof IndexExpr.Height) put(binding, e);
            });
            if (!step.tasks().isNumber(1)) put(binding, step.tasks());
            put(binding, step.cost());
        }
        doors(steps.entry()).flatMap(List::stream).filter(dim -> !dim.isConstant()).forEach(dim -> put(binding, IndexExpr.size(dim)));
        for (var region : steps.regions()) {
            put(binding, region.count());
            region.strips().forEach(s -> put(binding, IndexExpr.size(s.every())));
        }
        for (var slot : slots) {
            put(binding, IndexExpr.size(slot.buffer().size()));
            put(binding, new IndexExpr.Offset(slot.buffer()));
            steps.chain().map(c -> c.rows().get(slot.buffer())).ifPresent(stride -> put(binding, IndexExpr.size(stride)));
        }
        for (var slot : slots) for (var buffer : slot.buffers()) binding.putIfAbsent(new IndexExpr.Offset(buffer), binding.get(new IndexExpr.Offset(slot.buffer())));
        return new Plan(steps, List.copyOf(dims), slots, binding, steps.chain().map(c -> block(c, slots)).orElse(0));
    }

    /// The shapes of all that goes in and out, whether or not a step reads it.
    private static Stream<List<Dim>> doors(Entry entry) {
        return Stream.concat(entry.inputs().stream().map(v -> ((Input) v.op()).door()), entry.outputs().stream().map(o -> o.value().type().shape()));
    }

    private static int block(ChainSteps chain, List<Slot> slots) {
        long floats = Lives.size(Lives.slope(slots.stream().filter(s -> isInner(s, chain)).toList(), chain.dim().toString()));
        return floats == 0 ? 0 : (int) Math.max(1, CACHE / floats);
    }

    private static boolean isInner(Slot slot, ChainSteps chain) {
        return chain.range(slot.first()).filter(r -> slot.last() < r.end()).isPresent();
    }

    /// Whether a buffer is touched by the steps of one chain alone.
    public boolean isInner(Slot slot) {
        return block > 0 && isInner(slot, steps.chain().orElseThrow());
    }

    /// How far neighbouring rows of a buffer lie apart that chains go through row by row.
    public Optional<IndexExpr> row(Slot slot) {
        return steps.chain().map(c -> c.rows().get(slot.buffer())).map(IndexExpr::size);
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

    /// Every buffer of the arena that a step touches lives then, and all through a loop that it lives longer than; what lies over another is made when nobody touches that any more.
    public void verify() {
        var lives = new HashMap<Buffer, Slot>();
        for (var slot : slots) for (var buffer : slot.buffers()) lives.put(buffer, slot);
        var touched = steps.steps().stream().map(Step::buffers).toList();
        for (int i = 0; i < touched.size(); i++)
            for (var buffer : touched.get(i)) if (buffer.space() == Space.ARENA) verify(buffer.whole(), lives.get(buffer.whole()), i);
        for (var slot : slots) for (int i = 1; i < slot.buffers().size(); i++) follows(slot.buffers().get(i), slot.buffers().get(i - 1), touched);
        if (block == 0) return;
        var chain = steps.chain().orElseThrow();
        for (var range : chain.ranges())
            touched.subList(range.first(), range.end()).stream().flatMap(Set::stream).filter(lives::containsKey).distinct().forEach(buffer -> crosses(lives.get(buffer), range, chain));
    }

    /// The step that makes what lies over something else is the last one that touches that, says that it may, and stands in no loop, where it would come to read that again.
    private void follows(Buffer made, Buffer read, List<Set<Buffer>> touched) {
        int first = IntStream.range(0, touched.size()).filter(i -> touches(touched.get(i), made)).min().orElseThrow();
        int last = IntStream.range(0, touched.size()).filter(i -> touches(touched.get(i), read)).max().orElseThrow();
        var step = steps.steps().get(first);
        boolean again = steps.regions().stream().anyMatch(r -> r.contains(first));
        if (first != last || again || !step.over().equals(Optional.of(new Step.Over(read, made))))
            throw new IllegalStateException("%s lies over %s, which step %s touches; step %s makes it".formatted(made, read, steps.steps().get(last).name(), step.name()));
    }

    private static boolean touches(Set<Buffer> buffers, Buffer whole) {
        return buffers.stream().anyMatch(b -> b.whole().equals(whole));
    }

    /// What goes into a chain or out of it lives all through it, and has rows if it grows with them.
    private void crosses(Slot slot, ChainSteps.Range range, ChainSteps chain) {
        if (isInner(slot)) return;
        if (slot.first() > range.first() || slot.last() + 1 < range.end()) throw new IllegalStateException("%s lives through a part of the chain of steps %s".formatted(slot.buffer(), range));
        if (!chain.rows().containsKey(slot.buffer()) && slot.buffer().size().variables().contains(chain.dim().toString()))
            throw new IllegalStateException("%s goes into a chain or out of it and has no rows of %s".formatted(slot.buffer(), chain.dim()));
    }

    private void verify(Buffer buffer, Slot slot, int step) {
        if (slot == null) throw new IllegalStateException(steps.steps().get(step).name() + " touches " + buffer + ", which has no slot");
        for (var region : steps.regions()) {
            boolean inside = region.contains(slot.first()) && region.contains(slot.last());
            boolean around = slot.first() <= region.first() && region.end() <= slot.last() + 1;
            if (region.contains(step) && !inside && !around) throw new IllegalStateException("%s lives through a part of loop %s".formatted(buffer, region.name()));
        }
        if (step < slot.first() || slot.last() < step) throw new IllegalStateException("%s touches %s, which lives %d..%d".formatted(steps.steps().get(step).name(), buffer, slot.first(), slot.last()));
    }

    /// How many more floats live at one time when `dim` is one larger.
    /// @param inBlocks where chains take their rows block by block; then what they alone touch does not grow with the rows
    public Dim slope(String dim, boolean inBlocks) {
        boolean rows = inBlocks && steps.chain().stream().anyMatch(c -> c.dim().toString().equals(dim));
        return Lives.slope(rows ? slots.stream().filter(s -> !isInner(s)).toList() : slots, dim);
    }

    public String dump() {
        var text = new StringBuilder("entry ").append(steps.entry().name()).append(", dims ").append(dims).append('\n');
        for (var slot : slots) text.append("  ").append(slot.buffers().stream().map(Buffer::toString).collect(Collectors.joining(", then "))).append(" : ").append(slot.buffer().size()).append(" floats, steps ").append(slot.first()).append("..").append(slot.last()).append('\n');
        for (var dim : dims) text.append("  the most that live at one time grow by ").append(slope(dim, false)).append(" floats with each ").append(dim).append('\n');
        if (block > 0) text.append("  chains take ").append(block).append(" rows of ").append(steps.chain().orElseThrow().dim()).append(" at a time\n");
        text.append("  weights prepared into ").append(steps.derivedSize()).append(" floats\n");
        return text.toString();
    }
}
