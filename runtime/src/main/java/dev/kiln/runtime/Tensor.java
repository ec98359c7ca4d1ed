package dev.kiln.runtime;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// A door between a program and a network: a logical row-major shape over the caller's own array. It copies nothing, knows no arithmetic, no strides and no views.
/// An empty shape is a scalar.
public final class Tensor {
    private final float[] floats;
    private final int[] ints;
    private final int offset;
    private final int[] shape;
    private final int size;

    private Tensor(float[] floats, int[] ints, int length, int offset, int... shape) {
        this.floats = floats;
        this.ints = ints;
        this.offset = offset;
        this.shape = shape.clone();
        size = Shapes.size(shape);
        if (offset < 0 || (long) offset + size > length) {
            throw new ShapeException("a tensor of shape " + Shapes.print(shape) + " has " + size + " elements; from offset " + offset + " on, an array of " + length + " is too short");
        }
    }

    /// Wraps an array that has exactly the elements of the shape. Later changes of the array are changes of the tensor.
    /// @throws ShapeException when the numbers of elements differ
    public static Tensor of(float[] values, int... shape) {
        exact(values.length, shape);
        return new Tensor(values, null, values.length, 0, shape);
    }

    /// Wraps an array of ints: indices, classes, tokens.
    /// @throws ShapeException when the numbers of elements differ
    public static Tensor of(int[] values, int... shape) {
        exact(values.length, shape);
        return new Tensor(null, values, values.length, 0, shape);
    }

    /// Wraps the part of an array that begins at an offset.
    /// @throws ShapeException when the array ends before the tensor
    public static Tensor at(int offset, float[] values, int... shape) {
        return new Tensor(values, null, values.length, offset, shape);
    }

    /// Wraps the part of an array of ints that begins at an offset.
    /// @throws ShapeException when the array ends before the tensor
    public static Tensor at(int offset, int[] values, int... shape) {
        return new Tensor(null, values, values.length, offset, shape);
    }

    /// Copies floats in native byte order from a segment of exactly the size of the shape.
    /// @throws ShapeException when the segment's size differs
    public static Tensor of(MemorySegment values, int... shape) {
        long bytes = 4L * Shapes.size(shape);
        if (values.byteSize() != bytes) {
            throw new ShapeException("a tensor of shape " + Shapes.print(shape) + " takes " + bytes + " bytes, the segment has " + values.byteSize());
        }
        return of(values.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), shape);
    }

    private static void exact(int length, int... shape) {
        int size = Shapes.size(shape);
        if (length != size) throw new ShapeException("a tensor of shape " + Shapes.print(shape) + " has " + size + " elements, the array has " + length);
    }

    /// A tensor of zeros in a new array.
    static Tensor zeros(Door.Kind kind, int... shape) {
        int size = Shapes.size(shape);
        return kind == Door.Kind.INT ? of(new int[size], shape) : of(new float[size], shape);
    }

    public int[] shape() {
        return shape.clone();
    }

    public int rank() {
        return shape.length;
    }

    /// The extent of an axis.
    public int extent(int axis) {
        return shape[axis];
    }

    /// The number of elements.
    public int size() {
        return size;
    }

    public boolean isInt() {
        return ints != null;
    }

    /// The element at an index for each axis.
    /// @throws ShapeException when the tensor holds ints
    public float get(int... index) {
        return floatArray()[offset + position(index)];
    }

    /// The element at an index for each axis.
    /// @throws ShapeException when the tensor holds floats
    public int getInt(int... index) {
        return intArray()[offset + position(index)];
    }

    private int position(int... index) {
        if (index.length != shape.length) throw new ShapeException("an index of " + index.length + " numbers for a tensor of shape " + Shapes.print(shape));
        int position = 0;
        for (int i = 0; i < shape.length; i++) {
            if (index[i] < 0 || index[i] >= shape[i]) throw new IndexOutOfBoundsException("index " + Shapes.print(index) + " in a tensor of shape " + Shapes.print(shape));
            position = position * shape[i] + index[i];
        }
        return position;
    }

    /// The values row-major: the wrapped array itself where it holds nothing else, otherwise a copy.
    /// @throws ShapeException when the tensor holds ints
    public float[] floats() {
        float[] all = floatArray();
        return all.length == size ? all : Arrays.copyOfRange(all, offset, offset + size);
    }

    /// The values row-major: the wrapped array itself where it holds nothing else, otherwise a copy.
    /// @throws ShapeException when the tensor holds floats
    public int[] ints() {
        int[] all = intArray();
        return all.length == size ? all : Arrays.copyOfRange(all, offset, offset + size);
    }

    @SuppressWarnings("ReferenceEquality") // the same array is meant, not an equal one
    boolean sharesArray(Tensor other) {
        return isInt() ? ints == other.ints : !other.isInt() && floats == other.floats;
    }

    /// Takes the elements of another tensor of this shape.
    void take(Tensor other) {
        if (isInt()) System.arraycopy(other.intArray(), other.offset, ints, offset, size);
        else System.arraycopy(other.floatArray(), other.offset, floats, offset, size);
    }

    /// The wrapped array, whole.
    float[] floatArray() {
        if (floats == null) throw new ShapeException(this + " holds ints, not floats");
        return floats;
    }

    /// The wrapped array, whole.
    int[] intArray() {
        if (ints == null) throw new ShapeException(this + " holds floats, not ints");
        return ints;
    }

    /// Where the tensor begins in the wrapped array.
    int offset() {
        return offset;
    }

    /// `f32[2, 3]`.
    @Override
    public String toString() {
        return (ints == null ? "f32" : "i32") + Shapes.print(shape);
    }
}
