package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.runtime.Npy;
import java.util.Arrays;
import java.util.List;

/// A `.npy` array as rows: every entry of its first axis is one, its other axes laid out one after another.
record NpyRows(String file, Npy array) {
    NpyRows {
        if (array.shape().length == 0 || array.values().length == 0) {
            throw UserError.input("%s is empty: its shape is %s", file, Arrays.toString(array.shape()));
        }
    }

    void read(Sink sink) {
        sink.header(new Header(file, List.of()));
        int rows = array.shape()[0];
        int width = array.values().length / rows;
        for (int r = 0; r < rows; r++) {
            sink.row(new ArrayRow(r, width));
        }
    }

    private final class ArrayRow implements Row {
        private final int row;
        private final int width;

        ArrayRow(int row, int width) {
            this.row = row;
            this.width = width;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public double number(int column) {
            if (column >= width) {
                throw UserError.input("%s: there is no column %d; a row has %d numbers, counted from 0", file, column, width);
            }
            return array.values()[row * width + column];
        }

        @Override
        public String text(int column) {
            throw UserError.input("%s: an array holds numbers and no text; read text from csv or tsv", file);
        }

        @Override
        public String place() {
            return file + "[" + row + "]";
        }

        @Override
        public String describe(int column) {
            return "column " + column;
        }
    }
}
