package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Buffer;

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

    /// The worker's own scratch floats and an offset: two arguments.
    record Scratch() implements Argument {
        @Override
        public String toString() {
            return "scratch";
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
