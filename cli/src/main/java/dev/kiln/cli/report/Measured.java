package dev.kiln.cli.report;

import dev.kiln.cli.summary.Operations;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.schedule.Region;
import dev.kiln.compiler.schedule.Step;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An entry with what each of its steps does in a call.
/// @param works a step each, in order
public record Measured(Plan plan, Sizes sizes, List<Work> works) {
    private static final int BYTES = 4;

    public static Measured of(Plan plan, Sizes sizes) {
        return new Builder(plan, sizes).build();
    }

    /// Do chains take their rows block by block, on one thread?
    boolean isChained() {
        return plan.block() > 0 && sizes.of(plan.steps().chain().orElseThrow().dim()) > plan.block();
    }

    /// The sizes of one block.
    Sizes block() {
        Map<String, Long> dims = new LinkedHashMap<>(sizes.dims());
        dims.put(plan.steps().chain().orElseThrow().dim().toString(), (long) plan.block());
        return new Sizes(dims);
    }

    Entry entry() {
        return plan.steps().entry();
    }

    double operations() {
        return works.stream().mapToDouble(Work::operations).sum();
    }

    double bytes() {
        return works.stream().mapToDouble(Work::bytes).sum();
    }

    private static final class Builder {
        private final Plan plan;
        private final Sizes sizes;
        private final IdentityHashMap<Group, Double> multiplyAdds = new IdentityHashMap<>();
        private final Set<Group> counted = Collections.newSetFromMap(new IdentityHashMap<>());

        Builder(Plan plan, Sizes sizes) {
            this.plan = plan;
            this.sizes = sizes;
        }

        Measured build() {
            List<Step> steps = plan.steps().steps();
            for (Step step : steps) step.group().ifPresent(group -> multiplyAdds.merge(group, multiplyAdds(step), Double::sum));
            List<Work> works = new ArrayList<>();
            for (int s = 0; s < steps.size(); s++) {
                long runs = 1;
                for (Region region : plan.steps().regions()) if (region.contains(s)) runs *= sizes.of(region.count());
                Step step = steps.get(s);
                works.add(new Work(s, step, Form.of(step), runs, runs * operations(step), runs * bytes(step)));
            }
            return new Measured(plan, sizes, works);
        }

        private double multiplyAdds(Step step) {
            return step.work().isEmpty() ? 0 : step.work().stream().mapToDouble(sizes::of).reduce(1, (a, b) -> a * b);
        }

        /// What is no contraction is counted at the first kernel of its group; what follows there puts blocks together or copies.
        private double operations(Step step) {
            if (!step.work().isEmpty()) return 2 * multiplyAdds(step);
            if (step.keys().isEmpty() || step.group().isEmpty() || !counted.add(step.group().get())) return 0;
            return sizes.of(step.group().get().members().stream().map(Operations::of).reduce(Dim.ZERO, Dim::plus));
        }

        /// A contraction that is cut into two heights reads and writes a part in each; who gathers touches no more of a table than it brings.
        private double bytes(Step step) {
            double own = multiplyAdds(step);
            double share = step.work().isEmpty() || own == 0 ? 1 : own / step.group().map(multiplyAdds::get).orElse(own);
            double most = step.group().orElse(null) instanceof Group.Moved moved ? sizes.of(moved.result().type().size()) : Double.MAX_VALUE;
            return step.buffers().stream().mapToDouble(buffer -> Math.min(most, (double) size(buffer)) * share * BYTES).sum();
        }

        private long size(Buffer buffer) {
            return switch (buffer.space()) {
                case ARENA, WEIGHTS, DERIVED -> sizes.of(buffer.size());
                case FLOATS_IN, INTS_IN -> sizes.of(plan.steps().entry().inputs().get(buffer.place()).type().size());
                case FLOATS_OUT, INTS_OUT -> sizes.of(outputs().get(buffer.place()).value().type().size());
            };
        }

        private List<Output> outputs() {
            return plan.steps().entry().outputs().stream().filter(output -> output.role() != Output.Role.UPDATE).toList();
        }
    }
}
