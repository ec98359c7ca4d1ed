package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import java.util.Arrays;
import java.util.List;

/// Loops over the elements of concrete arrays, row-major.
final class Cells {
    private Cells() {}

    interface Body {
        /// `at` is the same array every time, `flat` its row-major number.
        void at(int[] at, int flat);
    }

    static void each(int[] shape, Body body) {
        int count = Array.size(shape);
        var at = new int[shape.length];
        for (int flat = 0; flat < count; flat++) {
            body.at(at, flat);
            for (int i = shape.length - 1; i >= 0 && ++at[i] == shape[i]; i--) at[i] = 0;
        }
    }

    /// The array whose element at each place is `element` of that place.
    static Array fill(int[] shape, Element element) {
        var y = Array.zeros(shape);
        each(shape, (at, flat) -> y.data()[flat] = element.at(at, flat));
        return y;
    }

    /// The array of `shape` that reads x with these steps along its axes.
    static Array read(int[] shape, Array x, int[] steps) {
        var y = Array.zeros(shape);
        int rank = shape.length;
        int length = rank == 0 ? 1 : shape[rank - 1];
        int step = rank == 0 ? 0 : steps[rank - 1];
        int[] outer = Arrays.copyOf(steps, Math.max(0, rank - 1));
        if (y.data().length > 0)
            each(Arrays.copyOf(shape, Math.max(0, rank - 1)), (at, row) -> {
                int from = dot(at, outer);
                for (int i = 0; i < length; i++) y.data()[row * length + i] = x.data()[from + i * step];
            });
        return y;
    }

    interface Element {
        double at(int[] at, int flat);
    }

    /// How far in an array of `reduced` shape one step along each axis of the full shape goes: nothing along the axes that were reduced.
    static int[] steps(int rank, List<Integer> reducedAxes, Array reduced) {
        var steps = new int[rank];
        var strides = reduced.strides();
        int next = 0;
        for (int axis = 0; axis < rank; axis++) if (!reducedAxes.contains(axis)) steps[axis] = strides[next++];
        return steps;
    }

    static int dot(int[] at, int[] steps) {
        int sum = 0;
        for (int i = 0; i < at.length; i++) sum += at[i] * steps[i];
        return sum;
    }
}
