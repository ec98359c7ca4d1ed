package dev.kiln.compiler.function;

import dev.kiln.compiler.type.DType;
import java.util.List;

/// What element types a scalar function takes and gives. All operands have one type, except the condition of a choice.
public enum Typing {
    /// f32 only.
    REAL,
    /// f32 or i32, and the same comes out.
    NUMBER,
    /// Any type, and the same comes out: on bool, `min` is and, `max` is or.
    ANY,
    /// Two numbers give a bool.
    ORDER,
    /// Two of any type give a bool.
    EQUALITY,
    /// A bool and two of any type give that type.
    CHOICE;

    /// The element types that the operands (but the condition) may have.
    public List<DType> taken() {
        return switch (this) {
            case REAL -> List.of(DType.f32);
            case NUMBER, ORDER -> List.of(DType.f32, DType.i32);
            case ANY, EQUALITY, CHOICE -> List.of(DType.values());
        };
    }

    DType result(String name, List<DType> operands) {
        List<DType> alike = this == CHOICE ? operands.subList(1, operands.size()) : operands;
        if (this == CHOICE && operands.getFirst() != DType.bool)
            throw new IllegalArgumentException(name + " needs a bool condition, got " + operands.getFirst());
        DType type = alike.getFirst();
        if (alike.stream().anyMatch(t -> t != type))
            throw new IllegalArgumentException("the operands of " + name + " differ in type: " + alike);
        if (!taken().contains(type)) throw new IllegalArgumentException(name + " takes " + taken() + ", got " + type);
        return this == ORDER || this == EQUALITY ? DType.bool : type;
    }
}
