package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.TensorType;

/// One node of a graph. Only [Graph#add] makes values; within a graph the id is the identity, so equal operators are one value.
public record Value(Op op, TensorType type, int id) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Value v && v.id == id && v.op.getClass() == op.getClass();
    }

    @Override
    public int hashCode() {
        return id;
    }

    @Override
    public String toString() {
        return "%" + id;
    }
}
