package dev.kiln.runtime;

import java.util.Arrays;

/// A tensor that goes in or out of an entry: its name and logical row-major shape. An entry `n >= 0` of the shape is that number, `-(i + 1)` means the binding's
/// `b[i]`: a dim, or what follows from the dims.
public final class Door {
    /// FLOAT and BOOL (0 or 1) pass as `float[]`, INT as `int[]`.
    public enum Kind { FLOAT, INT, BOOL }

    private final String name;
    private final Kind kind;
    private final int[] shape;

    public Door(String name, Kind kind, int... shape) {
        this.name = name;
        this.kind = kind;
        this.shape = shape.clone();
    }

    public String name() {
        return name;
    }

    public Kind kind() {
        return kind;
    }

    public int rank() {
        return shape.length;
    }

    /// The axis as it was declared: a number, or `-(i + 1)` for `b[i]`.
    public int axis(int axis) {
        return shape[axis];
    }

    /// The extent of an axis for a binding.
    public int extent(int axis, int[] b) {
        return shape[axis] >= 0 ? shape[axis] : b[-shape[axis] - 1];
    }

    /// The shape for a binding.
    public int[] shape(int[] b) {
        int[] sizes = new int[shape.length];
        for (int i = 0; i < sizes.length; i++) sizes[i] = extent(i, b);
        return sizes;
    }

    /// `image f32[N, 28, 28]`; an axis that only the binding knows prints as `?`.
    public String print(String[] dims) {
        return print(switch (kind) {
            case FLOAT -> "f32";
            case INT -> "i32";
            case BOOL -> "bool";
        }, shape.length, dims);
    }

    /// The same with another element, and its first axes only.
    String print(String element, int axes, String... dims) {
        var text = new StringBuilder(name).append(' ').append(element).append('[');
        for (int i = 0; i < axes; i++) {
            int index = -shape[i] - 1;
            text.append(i == 0 ? "" : ", ").append(shape[i] >= 0 ? Integer.toString(shape[i]) : index < dims.length ? dims[index] : "?");
        }
        return text.append(']').toString();
    }

    @Override
    public String toString() {
        return name + Arrays.toString(shape);
    }
}
