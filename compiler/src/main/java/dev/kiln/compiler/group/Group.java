package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.op.WinogradFilter;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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

        /// A member's dims as the axes of the space.
        public List<View.Term> at(Value member) {
            return axes.get(member).stream().map(a -> a < 0 ? View.Term.FIRST : new View.Term(a, 1, 0)).toList();
        }

        /// Some of the members, one after another; what others read of them lies in memory.
        Rows part(int from, int to) {
            var some = members.subList(from, to);
            var readLater = members.subList(to, members.size()).stream().flatMap(v -> v.op().operands().stream()).map(v -> View.of(v).base()).collect(Collectors.toSet());
            var left = some.stream().filter(v -> writes.contains(v) || readLater.contains(v)).toList();
            boolean reduces = some.stream().anyMatch(v -> !axes.get(v).containsAll(before.get(v)));
            return new Rows(List.copyOf(some), space, order, of(axes, some), of(before, some), reduces ? reduction : Reduction.NONE, left);
        }

        private static Map<Value, List<Integer>> of(Map<Value, List<Integer>> axes, List<Value> members) {
            return members.stream().collect(Collectors.toUnmodifiableMap(v -> v, axes::get));
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

    /// One value, with nothing before or behind it.
    sealed interface Single extends Group {
        Value result();

        @Override
        default List<Value> writes() {
            return List.of(result());
        }

        @Override
        default List<Value> members() {
            return List.of(result());
        }
    }

    /// Filters transformed for such a convolution.
    record Filters(Value result) implements Single {
        public WinogradFilter op() {
            return (WinogradFilter) result.op();
        }
    }

    /// Windows over images.
    record Windowed(Value result) implements Single {}

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
    record Moved(Value result) implements Single {}
}
