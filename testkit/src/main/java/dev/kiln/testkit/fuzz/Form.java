package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The shape of a tensor of a random program.
/// @param ragged whether its second axis ends where the length of the row says
record Form(List<Dim> shape, boolean ragged) {
    static final String LENGTHS = "len";

    Form {
        shape = List.copyOf(shape);
        if (ragged && shape.size() < 2) throw new IllegalArgumentException("a ragged axis is the second, got " + shape);
    }

    static Form of(Dim... shape) {
        return new Form(List.of(shape), false);
    }

    static Form of(List<Dim> shape) {
        return new Form(shape, false);
    }

    int rank() {
        return shape.size();
    }

    Dim dim(int axis) {
        return shape.get(axis);
    }

    Dim last() {
        return shape.getLast();
    }

    /// Whether the last axis has a known number of elements: what weights need.
    boolean hasColumns() {
        return rank() > 0 && last().isConstant();
    }

    Form with(int axis, Dim dim) {
        var changed = new ArrayList<>(shape);
        changed.set(axis, dim);
        return new Form(changed, ragged);
    }

    Form without(int axis) {
        var left = new ArrayList<>(shape);
        left.remove(axis);
        return new Form(left, ragged && axis > 1);
    }

    /// Whether a door may have this shape: every extent a number or a name.
    boolean fitsDoor() {
        return shape.stream().allMatch(d -> d.isConstant() || d.variables().contains(d.toString()));
    }

    /// `f32[N, T~len, 5]`.
    String type(String element) {
        if (shape.isEmpty()) return element;
        return element + IntStream.range(0, rank()).mapToObj(a -> dim(a) + (ragged && a == 1 ? "~" + LENGTHS : "")).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String toString() {
        return type("f32");
    }
}
