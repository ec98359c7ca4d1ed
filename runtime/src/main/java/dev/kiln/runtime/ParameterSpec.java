package dev.kiln.runtime;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// A parameter and where it lies in the weights.
///
/// Stored *plain* (`panel` 0) its axes stand in the given `order`, the last one contiguous. Stored *packed* (`panel` 32) they stand in that order too, but the last one is the
/// column axis of a matrix whose rows are all others flattened: element (k, column) lies at `(column / 32) * K * 32 + k * 32 + column % 32`, and the last panel is
/// padded with zeros.
///
/// @param shape the logical shape, as in the `.nn` text and in weight files
/// @param order the axes as stored: a permutation of `0..rank-1`
/// @param panel 0 or 32
/// @param offset of the first float, 12 (mod 16)
/// @param size floats taken, a multiple of 16, see [#storedSize]
/// @param decay the factor of weight decay on this parameter
public record ParameterSpec(
        String name, List<Integer> shape, Role role, List<Integer> order, int panel, int offset, int size, Initialiser init, float decay) {
    public enum Role {
        /// Learned by gradients.
        WEIGHT,
        /// Belongs to the network but moves by its own rule, as running statistics do.
        STATE,
        /// Of use to training only; not part of a network's own weights.
        OPTIMIZER_STATE
    }

    public ParameterSpec {
        shape = List.copyOf(shape);
        order = List.copyOf(order);
        if (!order.stream().sorted().toList().equals(identity(shape.size()))) {
            throw new IllegalArgumentException("parameter '" + name + "': order " + order + " is no permutation of the axes of " + shape);
        }
        if (panel != 0 && panel != Moves.PANEL) throw new IllegalArgumentException("parameter '" + name + "': panel must be 0 or 32, got " + panel);
        if (panel != 0 && shape.isEmpty()) throw new IllegalArgumentException("parameter '" + name + "': a scalar cannot be packed");
        if (offset < 0 || offset % Alignment.UNIT != Alignment.FIRST) throw new IllegalArgumentException("parameter '" + name + "': offset " + offset + " is not 12 (mod 16)");
        if (size != storedSize(shape, order, panel)) {
            throw new IllegalArgumentException("parameter '" + name + "': size " + size + " instead of " + storedSize(shape, order, panel));
        }
    }

    /// A parameter stored row-major.
    public static ParameterSpec plain(String name, List<Integer> shape, Role role, int offset, Initialiser init, float decay) {
        List<Integer> order = identity(shape.size());
        return new ParameterSpec(name, shape, role, order, 0, offset, storedSize(shape, order, 0), init, decay);
    }

    /// Floats that a parameter takes, pads included, rounded up to 16: the next one starts at `offset + size`.
    public static int storedSize(List<Integer> shape, List<Integer> order, int panel) {
        int elements = Shapes.size(array(shape));
        if (panel == 0 || elements == 0) return Alignment.roundUp(elements);
        int columns = shape.get(order.getLast());
        return Alignment.roundUp((long) (elements / columns) * Moves.panels(columns) * Moves.PANEL);
    }

    /// The number of elements.
    public int elements() {
        return Shapes.size(array(shape));
    }

    public int[] shapeArray() {
        return array(shape);
    }

    /// Writes the logical row-major values to the weights; pads become zero.
    public void pack(float[] logical, int logicalOffset, float[] weights) {
        if (size > elements()) Arrays.fill(weights, offset, offset + size, 0);
        for (var run = new Run(); run.k < run.count; run.next())
            for (int column = 0; column < run.columns; column += run.width)
                Moves.copy(weights, offset + run.stored(column), run.width, 1, logical, logicalOffset + run.logical + column * run.stride, run.step, run.stride, run.rows, Math.min(run.width, run.columns - column));
    }

    /// Reads the logical row-major values from the weights.
    public void unpack(float[] weights, float[] logical, int logicalOffset) {
        for (var run = new Run(); run.k < run.count; run.next())
            for (int column = 0; column < run.columns; column += run.width)
                Moves.copy(logical, logicalOffset + run.logical + column * run.stride, run.step, run.stride, weights, offset + run.stored(column), run.width, 1, run.rows, Math.min(run.width, run.columns - column));
    }

    private static List<Integer> identity(int rank) {
        return IntStream.range(0, rank).boxed().toList();
    }

    private static int[] array(List<Integer> shape) {
        return shape.stream().mapToInt(Integer::intValue).toArray();
    }

    /// Goes through the stored rows (all axes but the last of `order`), those along the last of their axes at once, and knows where each run of them begins in the logical
    /// array.
    private final class Run {
        final int columns;
        /// Of all runs together.
        final int count;
        /// Of one run.
        final int rows;
        /// Logical distance of neighbouring rows of a run.
        final int step;
        /// Columns that lie side by side in the store.
        final int width;
        /// Logical distance of neighbouring columns.
        final int stride;
        /// The first row.
        int k;
        int logical;
        private final int[] extents;
        private final int[] strides;
        private final int[] position;

        Run() {
            int rank = shape.size();
            int[] rowMajor = new int[rank];
            for (int i = rank - 1, next = 1; i >= 0; next *= shape.get(i--)) rowMajor[i] = next;
            columns = rank == 0 ? 1 : shape.get(order.getLast());
            stride = rank == 0 ? 1 : rowMajor[order.getLast()];
            count = columns == 0 ? 0 : elements() / columns;
            rows = rank < 2 ? 1 : shape.get(order.get(rank - 2));
            step = rank < 2 ? 0 : rowMajor[order.get(rank - 2)];
            width = panel == 0 ? Math.max(1, columns) : panel;
            int leading = Math.max(0, rank - 2);
            extents = IntStream.range(0, leading).map(i -> shape.get(order.get(i))).toArray();
            strides = IntStream.range(0, leading).map(i -> rowMajor[order.get(i)]).toArray();
            position = new int[leading];
        }

        int stored(int column) {
            return panel == 0 ? k * columns + column : column / panel * count * panel + k * panel;
        }

        void next() {
            k += rows;
            for (int i = position.length - 1; i >= 0; i--) {
                logical += strides[i];
                if (++position[i] < extents[i]) return;
                logical -= strides[i] * extents[i];
                position[i] = 0;
            }
        }
    }
}
