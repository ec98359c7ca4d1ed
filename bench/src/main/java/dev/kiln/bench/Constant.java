package dev.kiln.bench;

import java.util.Arrays;

/// Numbers that a model carries, row-major.
public final class Constant {
    private final float[] values;
    private final int[] shape;

    public Constant(float[] values, int... shape) {
        this.values = values;
        this.shape = shape;
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (values.length != size) throw new IllegalArgumentException(values.length + " values for a shape of " + size);
    }

    /// Not a copy.
    public float[] values() {
        return values;
    }

    public int[] shape() {
        return shape.clone();
    }

    /// How far it reaches along an axis.
    public int extent(int axis) {
        return shape[axis];
    }

    /// The same numbers in another order of axes: axis `i` of the result is axis `order[i]` of this one.
    public Constant permuted(int... order) {
        int rank = shape.length;
        int[] extents = Arrays.stream(order).map(axis -> shape[axis]).toArray();
        int[] strides = new int[rank];
        int stride = 1;
        for (int axis = rank - 1; axis >= 0; axis--) {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        float[] result = new float[values.length];
        int[] at = new int[rank];
        for (int to = 0; to < result.length; to++) {
            int from = 0;
            for (int i = 0; i < rank; i++) from += at[i] * strides[order[i]];
            result[to] = values[from];
            for (int i = rank - 1; i >= 0 && ++at[i] == extents[i]; i--) at[i] = 0;
        }
        return new Constant(result, extents);
    }

    /// The order of axes that undoes another.
    public static int[] inverse(int... order) {
        int[] inverse = new int[order.length];
        for (int i = 0; i < order.length; i++) inverse[order[i]] = i;
        return inverse;
    }
}
