package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Array;
import java.util.Arrays;

/// An operand of a contraction, laid out so that every read lies inside it: zeros around it where reads go outside, and between its elements where they do not divide.
/// The position of a read is then the sum of a step for each axis.
/// @param origin the position that is read where all axes are 0
/// @param steps  how far one step along each axis of the iteration space goes
@SuppressWarnings("ArrayRecordComponent")
record Laid(double[] data, int origin, int[] steps) {
    /// @param extents of the axes of the iteration space
    static Laid out(Array x, Access access, int[] extents) {
        int rank = x.shape().length;
        int[] first = new int[rank];
        int[] shape = new int[rank];
        for (int d = 0; d < rank; d++) {
            Affine index = access.dims().get(d);
            first[d] = index.offset();
            int last = index.offset();
            for (int axis : index.axes()) {
                int reach = index.coefficient(axis) * (extents[axis] - 1);
                first[d] += Math.min(reach, 0);
                last += Math.max(reach, 0);
            }
            shape[d] = last - first[d] + 1;
        }
        int[] strides = Array.zeros(shape).strides();
        int[] steps = new int[extents.length];
        int origin = 0;
        for (int d = 0; d < rank; d++) {
            Affine index = access.dims().get(d);
            origin += (index.offset() - first[d]) * strides[d];
            for (int axis : index.axes()) steps[axis] += index.coefficient(axis) * strides[d];
        }
        return new Laid(spread(x, access, first, shape, strides), origin, steps);
    }

    /// Element i of x along a dim stands where an index is i times its divisor. An operand that is read whole and nowhere else is laid out as it is.
    private static double[] spread(Array x, Access access, int[] first, int[] shape, int[] strides) {
        int rank = shape.length;
        int[] divisors = access.dims().stream().mapToInt(Affine::divisor).toArray();
        if (Arrays.equals(shape, x.shape()) && Arrays.stream(first).allMatch(f -> f == 0) && Arrays.stream(divisors).allMatch(d -> d == 1)) return x.data();
        var data = new double[Array.size(shape)];
        int length = rank == 0 ? 1 : x.shape()[rank - 1];
        int[] rows = Arrays.copyOf(x.shape(), Math.max(0, rank - 1));
        Cells.each(rows, (at, row) -> {
            int offset = 0;
            for (int d = 0; d < at.length; d++) {
                int place = at[d] * divisors[d] - first[d];
                if (place < 0 || place >= shape[d]) return;
                offset += place * strides[d];
            }
            if (rank == 0) data[0] = x.data()[0];
            else row(x.data(), row * length, length, data, offset, divisors[rank - 1], first[rank - 1], shape[rank - 1]);
        });
        return data;
    }

    private static void row(double[] x, int from, int length, double[] data, int to, int divisor, int first, int size) {
        for (int i = Math.max(0, Math.ceilDiv(first, divisor)); i < length && i * divisor - first < size; i++) data[to + i * divisor - first] = x[from + i];
    }

    /// The positions of the points along `axes`, row-major, where that of the first is `start`.
    int[] positions(int start, int[] axes, int[] extents) {
        int[] shape = Arrays.stream(axes).map(axis -> extents[axis]).toArray();
        var positions = new int[Array.size(shape)];
        Cells.each(shape, (at, flat) -> {
            int position = start;
            for (int i = 0; i < at.length; i++) position += at[i] * steps[axes[i]];
            positions[flat] = position;
        });
        return positions;
    }
}
