package dev.kiln.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Text of numbers: one row a line, separated by commas, semicolons, tabs or spaces. A first line that holds no numbers is a heading; empty lines count for nothing.
final class Csv {
    private Csv() {}

    static Tensor read(Path file, Door door, String... dims) throws IOException {
        List<String> lines = Files.readAllLines(file).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        if (!lines.isEmpty() && !isNumbers(lines.getFirst())) lines = lines.subList(1, lines.size());
        int columns = lines.isEmpty() ? 0 : cells(lines.getFirst()).length;
        double[] values = new double[Math.multiplyExact(lines.size(), columns)];
        for (int i = 0; i < lines.size(); i++) {
            String[] cells = cells(lines.get(i));
            if (cells.length != columns) throw new ShapeException(file + ": row " + (i + 1) + " has " + cells.length + " numbers, the rows before have " + columns);
            for (int j = 0; j < columns; j++) {
                try {
                    values[i * columns + j] = Double.parseDouble(cells[j]);
                } catch (NumberFormatException _) {
                    throw new IOException(file + ": row " + (i + 1) + ", column " + (j + 1) + ": '" + cells[j] + "' is no number");
                }
            }
        }
        return tensor(file.toString(), values, door, shape(file, lines.size(), columns, door, dims));
    }

    private static String[] cells(String line) {
        return line.split(line.indexOf(',') >= 0 ? "\\s*,\\s*" : "[;\\s]+", -1);
    }

    private static boolean isNumbers(String line) {
        return Arrays.stream(cells(line)).anyMatch(cell -> cell.matches("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?|[-+]?(NaN|Infinity)"));
    }

    /// Rows are the first axis where that is a dim; the numbers of a row fill the other axes, of which one may be a dim. A door of fixed shape takes all numbers in order.
    private static int[] shape(Path file, int rows, int columns, Door door, String... dims) {
        int[] shape = new int[door.rank()];
        int first = door.rank() > 0 && door.axis(0) < 0 ? 1 : 0;
        long left = first == 1 ? columns : (long) rows * columns;
        if (first == 1) shape[0] = rows;
        int open = -1;
        long known = 1;
        for (int axis = first; axis < shape.length; axis++) {
            shape[axis] = door.axis(axis);
            if (shape[axis] >= 0) known *= shape[axis];
            else if (open >= 0) throw new ShapeException(file + ": a text cannot say both axes " + open + " and " + axis + " of " + door.print(dims) + "; use a .npy file");
            else open = axis;
        }
        if (rows == 0 && first == 1) {
            if (open >= 0) shape[open] = 1;
            return shape;
        }
        if (open >= 0 && known > 0 && left % known == 0) {
            shape[open] = Math.toIntExact(left / known);
            known = left;
        }
        if (known != left) {
            String found = first == 1 ? "rows of " + columns + " numbers" : rows + " rows of " + columns + " numbers";
            throw new ShapeException(file + ": " + found + " do not fit " + door.print(dims) + (first == 1 ? ", which takes " + known + " a row" : ""));
        }
        return shape;
    }

    /// The values as the door's kind.
    static Tensor tensor(String where, double[] values, Door door, int... shape) throws IOException {
        if (door.kind() != Door.Kind.INT) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
            return Tensor.of(floats, shape);
        }
        int[] ints = new int[values.length];
        for (int i = 0; i < ints.length; i++) {
            ints[i] = (int) values[i];
            if (ints[i] != values[i]) throw new IOException(where + ": input '" + door.name() + "' takes whole numbers, found " + values[i]);
        }
        return Tensor.of(ints, shape);
    }

    /// A line for each index of the first axis; a scalar is a line of its own.
    static String print(Tensor tensor) {
        int rows = tensor.rank() == 0 ? 1 : tensor.extent(0);
        int columns = rows == 0 ? 0 : tensor.size() / rows;
        var text = new StringBuilder();
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int at = tensor.offset() + i * columns + j;
                text.append(j == 0 ? "" : ",").append(tensor.isInt() ? Integer.toString(tensor.intArray()[at]) : Float.toString(tensor.floatArray()[at]));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
