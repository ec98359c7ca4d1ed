package dev.kiln.compiler.function;

import dev.kiln.compiler.type.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What element types a scalar function takes and gives. All operands have one type, except the condition of a choice.
public enum Typing {
    /// f32 only.
    REAL(EnumSet.of(DType.f32)),
    /// f32 or i32, and the same comes out.
    NUMBER(EnumSet.of(DType.f32, DType.i32)),
    /// Any type, and the same comes out: on bool, `min` is and, `max` is or, `1 - x` is not.
    ANY(EnumSet.allOf(DType.class)),
    /// Two numbers give a bool.
    ORDER(EnumSet.of(DType.f32, DType.i32)),
    /// Two of any type give a bool.
    EQUALITY(EnumSet.allOf(DType.class)),
    /// A bool and two of any type give that type.
    CHOICE(EnumSet.allOf(DType.class));

    private final Set<DType> taken;

    Typing(Set<DType> taken) {
        this.taken = taken;
    }

    public Set<DType> taken() {
        return Set.copyOf(taken);
    }

    /// @throws IllegalArgumentException when the function `name` does not take these types
    DType result(String name, List<DType> operands) {
        List<DType> alike = this == CHOICE ? operands.subList(1, operands.size()) : operands;
        if (this == CHOICE && operands.getFirst() != DType.bool)
            throw new IllegalArgumentException(name + " needs a bool condition, got " + operands.getFirst());
        DType type = alike.getFirst();
        if (alike.stream().anyMatch(t -> t != type))
            throw new IllegalArgumentException("the operands of " + name + " differ in type: " + alike);
        if (!taken.contains(type)) throw new IllegalArgumentException(name + " takes " + taken + ", got " + type);
        return this == ORDER || this == EQUALITY ? DType.bool : type;
    }
}
