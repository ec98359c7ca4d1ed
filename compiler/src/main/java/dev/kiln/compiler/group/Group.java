package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.op.WinogradFilter;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What runs together: one kernel form around its anchor. `writes` are the values that others need and that therefore lie in memory.
public sealed interface Group {
    List<Value> writes();

    /// Every value computed here, whether or not it lies in memory.
    List<Value> members();

    /// A contraction with what its tiles start from and end with.
    record Tiled(Value anchor, Roles roles, Optional<Value> bias, Optional<Value> residual, Act act, Value result, List<Value> members) implements Group {
        @Override
        public List<Value> writes() {
            return List.of(result);
        }
    }

    /// Pointwise operators and reductions over one space of axes. `axes` gives for each member the axis of the space that each of its dims is,
    /// `before` the same for its operands (they differ where it reduces).
    record Rows(List<Value> members, List<Dim> space, Order order, Map<Value, List<Integer>> axes, Map<Value, List<Integer>> before, Reduction reduction, List<Value> writes) implements Group {
        public enum Reduction { NONE, ROWS, COLUMNS }

        /// The axis that becomes the vector: the last one with more than one place, -1 in a space of one element.
        public int innermost() {
            return innermost(space, order);
        }

        static int innermost(List<Dim> space, Order order) {
            if (order.panelled()) return order.last();
            for (int axis : order.axes().reversed()) if (!space.get(axis).is(1)) return axis;
            return -1;
        }
    }

    /// A convolution by transforms, with what its tiles begin and end with.
    record Transformed(Value anchor, Optional<Value> bias, Optional<Value> residual, Act act, Value result, List<Value> members) implements Group {
        public Winograd op() {
            return (Winograd) anchor.op();
        }

        @Override
        public List<Value> writes() {
            return List.of(result);
        }
    }

    /// Filters transformed for such a convolution.
    record Filters(Value result) implements Group {
        public WinogradFilter op() {
            return (WinogradFilter) result.op();
        }

        @Override
        public List<Value> writes() {
            return List.of(result);
        }

        @Override
        public List<Value> members() {
            return List.of(result);
        }
    }

    /// Windows over images.
    record Windowed(Value result) implements Group {
        @Override
        public List<Value> writes() {
            return List.of(result);
        }

        @Override
        public List<Value> members() {
            return List.of(result);
        }
    }

    /// A loop: the groups of its body run once a step.
    record Looped(LoopBody loop, Groups body) implements Group {
        @Override
        public List<Value> writes() {
            return loop.results();
        }

        @Override
        public List<Value> members() {
            return Stream.concat(Stream.of(loop.loop()), loop.results().stream()).toList();
        }
    }

    /// A movement that no reader could absorb: the elements are copied.
    record Moved(Value result) implements Group {
        @Override
        public List<Value> writes() {
            return List.of(result);
        }

        @Override
        public List<Value> members() {
            return List.of(result);
        }
    }
}
