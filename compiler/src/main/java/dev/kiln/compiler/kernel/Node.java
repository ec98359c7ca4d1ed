package dev.kiln.compiler.kernel;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.type.DType;
import java.util.List;
import java.util.stream.Collectors;

/// One value of a [RowsBody]. Operands are numbers of earlier nodes.
public sealed interface Node {
    /// How the elements of a reduction are combined.
    enum Reduction {
        SUM,
        MAX
    }

    /// The nodes this one reads.
    default List<Integer> operands() {
        return switch (this) {
            case Read _, Literal _ -> List.of();
            case Apply(_, List<Integer> operands) -> operands;
            case Cast(int operand, _) -> List.of(operand);
            case Draw(int key0, int key1, int index) -> List.of(key0, key1, index);
            case RowReduce(_, int operand) -> List.of(operand);
            case ColumnReduce(_, int operand) -> List.of(operand);
        };
    }

    /// The element of a port.
    record Read(int port) implements Node {
        @Override
        public String toString() {
            return "read p" + port;
        }
    }

    record Literal(double value, DType type) implements Node {
        @Override
        public String toString() {
            return type + " " + value;
        }
    }

    record Apply(Fn fn, List<Integer> arguments) implements Node {
        public Apply {
            arguments = List.copyOf(arguments);
        }

        @Override
        public String toString() {
            return fn.name() + arguments.stream().map(a -> " n" + a).collect(Collectors.joining());
        }
    }

    /// f32 to i32 rounds toward zero; a number to bool is `x != 0`.
    record Cast(int operand, DType type) implements Node {
        @Override
        public String toString() {
            return "to " + type + " n" + operand;
        }
    }

    /// The uniform number in [0, 1) of element `index` under the key: `Threefry.uniform` of the runtime. All three are i32.
    record Draw(int key0, int key1, int index) implements Node {
        @Override
        public String toString() {
            return "draw n%d n%d n%d".formatted(key0, key1, index);
        }
    }

    /// The reduction over the columns of each row: constant along the row. Element j goes to lane j mod 16, lanes combine in a fixed tree.
    record RowReduce(Reduction reduction, int operand) implements Node {
        @Override
        public String toString() {
            return "row " + reduction + " n" + operand;
        }
    }

    /// The reduction over the rows of each column, in order. It can only be stored, to a STREAM port (whose row stride is not read).
    record ColumnReduce(Reduction reduction, int operand) implements Node {
        @Override
        public String toString() {
            return "column " + reduction + " n" + operand;
        }
    }
}
