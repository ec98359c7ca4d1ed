package dev.kiln.compiler.kernel;

import dev.kiln.compiler.type.DType;
import java.util.stream.Stream;

/// Where the elements of a [RowsBody] come from and go to. An i32 lies in the array as its bits, a bool as 0 or 1.
///
/// | kind | parameters | element (r, j) |
/// |---|---|---|
/// | STREAM | `float[] x, int xO, int xS` | `x[xO + r*xS + j]`; with xS = 0 it is one vector for all rows |
/// | ROW | `float[] x, int xO, int xS` | `x[xO + r*xS]` |
/// | SCALAR | `float[] x, int xO` | `x[xO]` |
/// | INDEX | `int x, int xR, int xJ` | the i32 `x + r*xR + j*xJ` |
/// | ROW_INDEX | `int x, int xR` | the i32 `x + r*xR` |
/// | NUMBER | `int x` | the i32 `x` |
public record Port(Kind kind, DType type) {
    public enum Kind {
        STREAM,
        ROW,
        SCALAR,
        INDEX,
        ROW_INDEX,
        NUMBER
    }

    public Port {
        if (isNumber(kind) && type != DType.i32) throw new IllegalArgumentException("an index is i32, not " + type);
    }

    private static boolean isNumber(Kind kind) {
        return switch (kind) {
            case STREAM, ROW, SCALAR -> false;
            case INDEX, ROW_INDEX, NUMBER -> true;
        };
    }

    public static Port stream(DType type) {
        return new Port(Kind.STREAM, type);
    }

    public static Port row(DType type) {
        return new Port(Kind.ROW, type);
    }

    public static Port scalar(DType type) {
        return new Port(Kind.SCALAR, type);
    }

    public static Port index() {
        return new Port(Kind.INDEX, DType.i32);
    }

    public static Port rowIndex() {
        return new Port(Kind.ROW_INDEX, DType.i32);
    }

    public static Port number() {
        return new Port(Kind.NUMBER, DType.i32);
    }

    Stream<Parameter> parameters(String name) {
        return switch (kind) {
            case STREAM, ROW -> Stream.concat(Parameter.array(name), Parameter.integers(name + "S"));
            case SCALAR -> Parameter.array(name);
            case INDEX -> Parameter.integers(name, name + "R", name + "J");
            case ROW_INDEX -> Parameter.integers(name, name + "R");
            case NUMBER -> Parameter.integers(name);
        };
    }

    @Override
    public String toString() {
        return kind + ":" + type;
    }
}
