package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec.Columns;

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
            case Columns.Constant(var value) -> new Picker(1, (_, _) -> value);
            case Columns.Negative(var of) -> {
                Picker picker = bind(of);
                yield new Picker(picker.width(), (row, i) -> -picker.at(row, i));
            }
            case Columns.Arithmetic(var sign, var left, var right) -> combine(sign, bind(left), bind(right));
        };
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
