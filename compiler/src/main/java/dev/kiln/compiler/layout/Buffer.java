package dev.kiln.compiler.layout;

import dev.kiln.compiler.type.Dim;
import java.util.Optional;

/// A run of floats that a value (or a part of a step) owns. `place` is the offset in the weights or the derived space, and the door's number for the caller's arrays.
/// @param shift for a part of another buffer that moves on from iteration to iteration of a loop
public record Buffer(String name, Space space, Dim size, int place, Optional<Shift> shift) {
    public Buffer(String name, Space space, Dim size, int place) {
        this(name, space, size, place, Optional.empty());
    }

    public static Buffer arena(String name, Dim size) {
        return new Buffer(name, Space.ARENA, size, -1);
    }

    /// The part of another buffer that an iteration sees.
    static Buffer moving(String name, Dim size, Shift shift) {
        return new Buffer(name, shift.of().space(), size, shift.of().place(), Optional.of(shift));
    }

    /// The buffer that this one is a part of, itself when it is whole.
    public Buffer whole() {
        return shift.map(s -> s.of().whole()).orElse(this);
    }

    @Override
    public String toString() {
        if (shift.isPresent()) return name + "=" + shift.get();
        return space == Space.ARENA ? name : space.name().toLowerCase(java.util.Locale.ROOT) + "." + name;
    }
}
