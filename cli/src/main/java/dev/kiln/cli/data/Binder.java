package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.runtime.Vocabulary;

/// What stands right of `=` in a `data` block, bound to the columns of a file.
final class Binder {
    private final Header header;

    Binder(Header header) {
        this.header = header;
    }

    Picker bind(Columns columns) {
        return switch (columns) {
            case Columns.At(var column) -> new Picker(1, (row, _) -> row.number(column));
            case Columns.Named(var name) -> bind(new Columns.At(header.indexOf(name)));
            case Columns.Range(var from, var to) -> new Picker(to - from + 1, (row, i) -> row.number(from + i));
            case Columns.Is(var column, var text) -> {
                int at = index(column);
                yield new Picker(1, (row, _) -> row.text(at).equals(text) ? 1 : 0);
            }
            case Columns.Encoded(var column, var vocabulary) -> {
                int at = index(column);
                yield new Picker(1, (row, _) -> single(row, at, vocabulary));
            }
            case Columns.Listed(var column) -> bind(column);
            case Columns.Constant(var value) -> new Picker(1, (_, _) -> value);
            case Columns.Negative(var of) -> {
                Picker picker = bind(of);
                yield new Picker(picker.width(), (row, i) -> -picker.at(row, i));
            }
            case Columns.Arithmetic(var sign, var left, var right) -> combine(sign, bind(left), bind(right));
        };
    }

    /// The place of one column.
    int index(Columns column) {
        return switch (column) {
            case Columns.At(var at) -> at;
            case Columns.Named(var name) -> header.indexOf(name);
            default -> throw new IllegalArgumentException("no single column: " + column);
        };
    }

    /// The number of a cell that is one piece.
    private static double single(Row row, int column, Vocabulary vocabulary) {
        int[] numbers = vocabulary.encode(row.text(column));
        if (numbers.length == 1) {
            return numbers[0];
        }
        throw UserError.input("%s: %s is %d pieces of %s, and the input takes one a row; `T~len` takes as many as there are", row.place(), row.describe(column), numbers.length, vocabulary.name());
    }

    private static Picker combine(String sign, Picker left, Picker right) {
        int width = Math.max(left.width(), right.width());
        if (!left.fits(width) || !right.fits(width)) {
            throw UserError.input("%d columns %s %d columns: the counts differ", left.width(), sign, right.width());
        }
        return new Picker(width, switch (sign) {
            case "+" -> (row, i) -> left.at(row, i) + right.at(row, i);
            case "-" -> (row, i) -> left.at(row, i) - right.at(row, i);
            case "*" -> (row, i) -> left.at(row, i) * right.at(row, i);
            case "/" -> (row, i) -> left.at(row, i) / right.at(row, i);
            default -> throw new IllegalArgumentException("no arithmetic with " + sign);
        });
    }
}
