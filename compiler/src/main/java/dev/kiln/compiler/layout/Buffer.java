package dev.kiln.compiler.layout;

import dev.kiln.compiler.type.Dim;

/// A run of floats that a value (or a part of a step) owns. `place` is the offset in the weights or the derived space, and the door's number for the caller's arrays.
public record Buffer(String name, Space space, Dim size, int place) {
    public static Buffer arena(String name, Dim size) {
        return new Buffer(name, Space.ARENA, size, -1);
    }

    @Override
    public String toString() {
        return space == Space.ARENA ? name : space.name().toLowerCase(java.util.Locale.ROOT) + "." + name;
    }
}
