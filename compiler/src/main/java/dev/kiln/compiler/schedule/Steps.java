package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Shift;
import dev.kiln.compiler.layout.Space;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// An entry as the steps that run it. The first `prepare` of them depend on the weights alone.
/// @param regions the loops, outer ones before those inside, earlier ones before later ones
/// @param chain   steps that take a few rows at a time
public record Steps(Groups groups, List<Step> steps, List<Region> regions, Optional<ChainSteps> chain, int prepare, int derivedSize) {
    public Steps {
        steps = List.copyOf(steps);
        regions = List.copyOf(regions);
    }

    public Entry entry() {
        return groups.entry();
    }

    /// Floats that each worker needs for itself.
    public int scratch() {
        return steps.stream().mapToInt(Step::scratch).max().orElse(0);
    }

    /// How many floats of the weights the steps of a call may touch, those that prepare left out.
    public int weightsRead() {
        return steps.subList(prepare, steps.size()).stream().flatMap(s -> s.buffers().stream()).map(Buffer::whole).filter(b -> b.space() == Space.WEIGHTS).mapToInt(b -> b.place() + b.size().toInt()).max().orElse(0);
    }

    public Set<KernelKey> keys() {
        return steps.stream().flatMap(s -> s.keys().stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /// The last step whose time step `i` belongs to: one that works in strips does until the loop is done that reads them.
    public int last(int i) {
        return regions.stream().filter(r -> r.strips().stream().anyMatch(s -> s.step() == i)).mapToInt(r -> r.end() - 1).findFirst().orElse(i);
    }

    /// Loops stand in each other or apart, none prepares; no step that prepares touches what belongs to one call.
    public void verify() {
        for (int i = 0; i < regions.size(); i++) {
            var region = regions.get(i);
            boolean nested = regions.subList(i + 1, regions.size()).stream().allMatch(region::nests);
            if (!nested || chain.stream().anyMatch(c -> c.crosses(region)) || region.first() < prepare || region.end() > steps.size() || region.strips().stream().anyMatch(s -> s.step() < prepare || s.step() >= region.first())) throw new IllegalStateException("the loop " + region + " of entry " + entry().name() + " crosses another one, a chain or the steps that prepare");
        }
        var wrong = new ArrayList<String>();
        for (var step : steps.subList(0, prepare))
            for (Buffer b : step.buffers())
                switch (b.space()) {
                    case WEIGHTS, DERIVED, ARENA -> {}
                    default -> wrong.add(step.name() + " reads " + b);
                }
        if (!wrong.isEmpty()) throw new IllegalStateException("steps that prepare the weights of entry " + entry().name() + " touch a call's buffers: " + wrong);
    }

    public String dump() {
        var text = new StringBuilder("entry ").append(entry().name()).append(", ").append(prepare).append(" steps prepare the weights\n");
        for (int i = 0; i < steps.size(); i++) {
            int step = i;
            chain.flatMap(c -> c.range(step)).filter(r -> r.first() == step).ifPresent(r -> text.append("chain: rows of ").append(chain.get().dim()).append(", up to step ").append(r.end() - 1).append('\n'));
            for (var region : regions) if (region.first() == i) text.append("  ".repeat(region.depth())).append("loop ").append(Shift.variable(region.depth())).append(" < ").append(region.count()).append(region.stop().map(b -> " until " + b).orElse("")).append(region.strips().stream().map(s -> ", before every {" + s.every() + "} = {" + s.every().plain() + "} a strip of step " + s.step()).collect(Collectors.joining())).append("   ").append(region.name()).append(region.origin().map(o -> "   // " + o).orElse("")).append('\n');
            int depth = (int) regions.stream().filter(r -> r.contains(step)).count();
            text.append((i + " " + steps.get(i).print()).indent(2 * depth));
        }
        text.append("kernels\n");
        keys().forEach(k -> text.append("  ").append(k.className()).append("  ").append(k).append('\n'));
        return text.toString();
    }
}
