package dev.kiln.compiler.type;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Element type and shape, written `f32[N, 784]`; a scalar is `f32`.
public record TensorType(DType dtype, List<Dim> shape) {
    public TensorType {
        shape = List.copyOf(shape);
    }

    public static TensorType of(DType dtype, Dim... shape) {
        return new TensorType(dtype, List.of(shape));
    }

    public static TensorType f32(Dim... shape) {
        return of(DType.f32, shape);
    }

    public static TensorType i32(Dim... shape) {
        return of(DType.i32, shape);
    }

    /// `f32` with constant extents.
    public static TensorType f32(long first, long... rest) {
        var shape = new ArrayList<Dim>();
        shape.add(Dim.of(first));
        for (long extent : rest) shape.add(Dim.of(extent));
        return new TensorType(DType.f32, shape);
    }

    public static TensorType scalar(DType dtype) {
        return new TensorType(dtype, List.of());
    }

    public int rank() {
        return shape.size();
    }

    public Dim dim(int axis) {
        return shape.get(axis);
    }

    public boolean isScalar() {
        return shape.isEmpty();
    }

    /// The number of elements.
    public Dim size() {
        return shape.stream().reduce(Dim.ONE, Dim::times);
    }

    public TensorType withShape(List<Dim> shape) {
        return new TensorType(dtype, shape);
    }

    public TensorType withDtype(DType dtype) {
        return new TensorType(dtype, shape);
    }

    @Override
    public String toString() {
        return isScalar() ? dtype.toString() : dtype + shape.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
