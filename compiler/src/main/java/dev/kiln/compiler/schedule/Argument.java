package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Buffer;
import dev.kiln.runtime.Frame;

/// What a driver hands to a kernel.
public sealed interface Argument {
    /// An array and an offset: two arguments.
    record Place(Buffer buffer, IndexExpr offset) implements Argument {
        @Override
        public String toString() {
            return buffer + "[" + offset + "]";
        }
    }

    record Int(IndexExpr value) implements Argument {
        @Override
        public String toString() {
            return value.toString();
        }
    }

    record Real(float value) implements Argument {
        @Override
        public String toString() {
            return Float.toString(value);
        }
    }

    /// The worker's own floats and an offset: two arguments.
    /// @param floats how many of them the entry needs for this
    record Scratch(IndexExpr offset, int floats) implements Argument {
        /// What every worker has.
        static final Scratch FIRST = new Scratch(IndexExpr.number(0), Frame.SCRATCH);

        @Override
        public String toString() {
            return offset.isNumber(0) ? "scratch" : "scratch[" + offset + "]";
        }
    }

    /// One word of the key of a draw: depends on the seed, the update's number and the place's stable name.
    record KeyWord(int word, String place) implements Argument {
        @Override
        public String toString() {
            return "key" + word + "(" + place + ")";
        }
    }

    static Argument of(IndexExpr value) {
        return new Int(value);
    }

    static Argument of(long value) {
        return new Int(IndexExpr.number(value));
    }
}
