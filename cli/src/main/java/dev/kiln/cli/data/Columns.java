package dev.kiln.cli.data;

import dev.kiln.cli.UserError;

/// What stands right of `=` in a `data` block: some numbers of every row.
/// Arithmetic works number by number; one number beside several is used for each of them.
public sealed interface Columns {
    /// `column(0)`
    record At(int column) implements Columns {}

    /// `column("weight")`
    record Named(String name) implements Columns {}

    /// `columns(1..784)`, both ends included.
    record Range(int from, int to) implements Columns {
        public Range {
            if (from < 0 || to < from) {
                throw UserError.input("columns(%d..%d) is no range: it counts from 0 upwards and includes both ends", from, to);
            }
        }
    }

    record Constant(double value) implements Columns {}

    record Negative(Columns of) implements Columns {}

    record Arithmetic(Sign sign, Columns left, Columns right) implements Columns {}

    enum Sign {
        PLUS("+"), MINUS("-"), TIMES("*"), DIVIDE("/");

        private final String text;

        Sign(String text) {
            this.text = text;
        }

        double apply(double a, double b) {
            return switch (this) {
                case PLUS -> a + b;
                case MINUS -> a - b;
                case TIMES -> a * b;
                case DIVIDE -> a / b;
            };
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /// The same expression with names looked up and widths checked.
    default Picker bind(Header header) {
        return switch (this) {
            case At(var column) -> new Picker(1, (row, _) -> row.number(column));
            case Named(var name) -> new At(header.indexOf(name)).bind(header);
            case Range(var from, var to) -> new Picker(to - from + 1, (row, i) -> row.number(from + i));
            case Constant(var value) -> new Picker(1, (_, _) -> value);
            case Negative(var of) -> {
                Picker picker = of.bind(header);
                yield new Picker(picker.width(), (row, i) -> -picker.at(row, i));
            }
            case Arithmetic(var sign, var left, var right) -> combine(sign, left.bind(header), right.bind(header));
        };
    }

    private static Picker combine(Sign sign, Picker left, Picker right) {
        int width = Math.max(left.width(), right.width());
        if (!left.fits(width) || !right.fits(width)) {
            throw UserError.input("%d columns %s %d columns: the counts differ", left.width(), sign, right.width());
        }
        return new Picker(width, (row, i) -> sign.apply(left.at(row, i), right.at(row, i)));
    }
}
