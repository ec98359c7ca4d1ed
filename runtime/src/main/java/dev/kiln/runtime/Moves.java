package dev.kiln.runtime;

import java.util.Arrays;

/// Copies, fills and packing: the kernels that drivers call for data that only moves. Plain Java; where the columns lie side by side the inner loops vectorise.
///
/// A *panel* is 32 columns of a matrix of K rows, stored `[K][32]`; a packed matrix of N columns is its `ceil(N / 32)` panels one after another, the last one padded
/// with zeros.
public final class Moves {
    /// Columns of a panel.
    public static final int PANEL = 32;

    /// Columns that are transposed together.
    private static final int BLOCK = 8;
    private static final int COLOURS = 3;

    private Moves() {}

    /// `dst[dstOffset + i*dstRow + j*dstColumn] = src[srcOffset + i*srcRow + j*srcColumn]` for i < rows, j < columns.
    public static void copy(
            float[] dst, int dstOffset, int dstRow, int dstColumn, float[] src, int srcOffset, int srcRow, int srcColumn, int rows, int columns) {
        if (dstColumn == 1 && srcColumn == 1) {
            if (dstRow == columns && srcRow == columns) {
                System.arraycopy(src, srcOffset, dst, dstOffset, Math.multiplyExact(rows, columns));
                return;
            }
            for (int i = 0; i < rows; i++) System.arraycopy(src, srcOffset + i * srcRow, dst, dstOffset + i * dstRow, columns);
        } else if (dstRow == 1 && srcRow == 1 && dstColumn != 1) {
            copy(dst, dstOffset, dstColumn, 1, src, srcOffset, srcColumn, 1, columns, rows);
        } else if (dstColumn == 1 && srcRow == 1) {
            transpose(dst, dstOffset, dstRow, src, srcOffset, srcColumn, rows, columns);
        } else if (dstColumn == 1) {
            for (int i = 0; i < rows; i++) gatherRow(dst, dstOffset + i * dstRow, src, srcOffset + i * srcRow, srcColumn, columns);
        } else {
            for (int i = 0; i < rows; i++) scatterRow(dst, dstOffset + i * dstRow, dstColumn, src, srcOffset + i * srcRow, srcColumn, columns);
        }
    }

    /// `dst[d + i*dstRow + j] = src[s + i + j*srcColumn]`, eight columns at a time (of what is left, three, as images have): each is read along its own run, and the
    /// elements of a row lie side by side where they are written.
    private static void transpose(float[] dst, int d, int dstRow, float[] src, int s, int srcColumn, int rows, int columns) {
        int j = 0;
        for (; j + BLOCK <= columns; j += BLOCK) transposeBlock(dst, d + j, dstRow, src, s + j * srcColumn, srcColumn, rows);
        for (; j + COLOURS <= columns; j += COLOURS) transposeColours(dst, d + j, dstRow, src, s + j * srcColumn, srcColumn, rows);
        for (; j < columns; j++) scatterRow(dst, d + j, dstRow, src, s + j * srcColumn, 1, rows);
    }

    private static void transposeColours(float[] dst, int d, int dstRow, float[] src, int s, int srcColumn, int rows) {
        int s1 = s + srcColumn;
        int s2 = s1 + srcColumn;
        for (int i = 0, at = d; i < rows; i++, at += dstRow) {
            dst[at] = src[s + i];
            dst[at + 1] = src[s1 + i];
            dst[at + 2] = src[s2 + i];
        }
    }

    private static void transposeBlock(float[] dst, int d, int dstRow, float[] src, int s, int srcColumn, int rows) {
        int s1 = s + srcColumn;
        int s2 = s1 + srcColumn;
        int s3 = s2 + srcColumn;
        int s4 = s3 + srcColumn;
        int s5 = s4 + srcColumn;
        int s6 = s5 + srcColumn;
        int s7 = s6 + srcColumn;
        for (int i = 0, at = d; i < rows; i++, at += dstRow) {
            dst[at] = src[s + i];
            dst[at + 1] = src[s1 + i];
            dst[at + 2] = src[s2 + i];
            dst[at + 3] = src[s3 + i];
            dst[at + 4] = src[s4 + i];
            dst[at + 5] = src[s5 + i];
            dst[at + 6] = src[s6 + i];
            dst[at + 7] = src[s7 + i];
        }
    }

    private static void gatherRow(float[] dst, int d, float[] src, int s, int srcColumn, int columns) {
        for (int j = 0; j < columns; j++) dst[d + j] = src[s + j * srcColumn];
    }

    private static void scatterRow(float[] dst, int d, int dstColumn, float[] src, int s, int srcColumn, int columns) {
        for (int j = 0; j < columns; j++) dst[d + j * dstColumn] = src[s + j * srcColumn];
    }

    /// As [#copy], from ints to floats that carry the same bits.
    public static void copyFromInts(
            float[] dst, int dstOffset, int dstRow, int dstColumn, int[] src, int srcOffset, int srcRow, int srcColumn, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            int d = dstOffset + i * dstRow;
            int s = srcOffset + i * srcRow;
            if (dstColumn == 1 && srcColumn == 1) {
                for (int j = 0; j < columns; j++) dst[d + j] = Float.intBitsToFloat(src[s + j]);
            } else {
                for (int j = 0; j < columns; j++) dst[d + j * dstColumn] = Float.intBitsToFloat(src[s + j * srcColumn]);
            }
        }
    }

    /// As [#copy], from floats that carry the bits of ints to ints.
    public static void copyToInts(
            int[] dst, int dstOffset, int dstRow, int dstColumn, float[] src, int srcOffset, int srcRow, int srcColumn, int rows, int columns) {
        for (int i = 0; i < rows; i++) {
            int d = dstOffset + i * dstRow;
            int s = srcOffset + i * srcRow;
            if (dstColumn == 1 && srcColumn == 1) {
                for (int j = 0; j < columns; j++) dst[d + j] = Float.floatToRawIntBits(src[s + j]);
            } else {
                for (int j = 0; j < columns; j++) dst[d + j * dstColumn] = Float.floatToRawIntBits(src[s + j * srcColumn]);
            }
        }
    }

    /// `dst[offset + i*row + j*column] = value` for i < rows, j < columns.
    public static void fill(float[] dst, int offset, int row, int column, int rows, int columns, float value) {
        for (int i = 0; i < rows; i++) {
            int d = offset + i * row;
            if (column == 1) {
                for (int j = 0; j < columns; j++) dst[d + j] = value;
            } else {
                for (int j = 0; j < columns; j++) dst[d + j * column] = value;
            }
        }
    }

    /// The zeros around a value that belong to tasks `from..to` of the `tasks` that write its inside: `dst[offset + i*outer + j*row + k] = 0` for k < count at their part of the
    /// places i < outers, j < rows, so that all tasks together fill each place once. Around nothing stand zeros, too: without tasks, everything is filled.
    /// @param behind 1 where the zeros stand behind what is inside, 0 where before: a single run goes to the last task, or to the first
    public static void border(float[] dst, int offset, int count, int from, int to, int tasks, int behind, int outers, int outer, int rows, int row) {
        long places = (long) outers * rows;
        int up = behind == 1 ? 0 : tasks - 1;
        long end = tasks <= 0 ? places : (places * to + up) / tasks;
        for (long place = tasks <= 0 ? 0 : (places * from + up) / tasks; place < end; place++) {
            int at = offset + (int) (place / rows) * outer + (int) (place % rows) * row;
            Arrays.fill(dst, at, at + count, 0);
        }
    }

    /// `dst[i, j] = table[ids[i], j]` for i < count, j < row; ids are floats that carry the bits of ints.
    public static void gather(float[] dst, int dstOffset, float[] table, int tableOffset, float[] ids, int idsOffset, int count, int row, int rows) {
        for (int i = 0; i < count; i++) System.arraycopy(table, tableOffset + number(ids[idsOffset + i], rows) * row, dst, dstOffset + i * row, row);
    }

    /// `dst[ids[i], j] += src[i, j]` for one i < count after the other, from zeros.
    public static void scatterAdd(float[] dst, int dstOffset, float[] src, int srcOffset, float[] ids, int idsOffset, int count, int row, int rows) {
        fill(dst, dstOffset, row, 1, rows, row, 0);
        for (int i = 0; i < count; i++) {
            int d = dstOffset + number(ids[idsOffset + i], rows) * row;
            int s = srcOffset + i * row;
            for (int j = 0; j < row; j++) dst[d + j] += src[s + j];
        }
    }

    /// `dst[ids[i], j] = src[i, j]` for one i < count after the other.
    public static void put(float[] dst, int dstOffset, float[] src, int srcOffset, float[] ids, int idsOffset, int count, int row, int rows) {
        for (int i = 0; i < count; i++) System.arraycopy(src, srcOffset + i * row, dst, dstOffset + number(ids[idsOffset + i], rows) * row, row);
    }

    /// `dst[i]` = the greatest k < count with `ids[k] = ids[i]`, all as the bits of ints. `table` has `places` of them, more than `count`: a place holds one more than such a k.
    public static void last(float[] dst, int dstOffset, float[] ids, int idsOffset, float[] table, int tableOffset, int count, int places) {
        fill(table, tableOffset, places, 1, 1, places, 0);
        for (int i = 0; i < count; i++) table[place(ids, idsOffset, i, table, tableOffset, places)] = Float.intBitsToFloat(i + 1);
        for (int i = 0; i < count; i++) dst[dstOffset + i] = Float.intBitsToFloat(Float.floatToRawIntBits(table[place(ids, idsOffset, i, table, tableOffset, places)]) - 1);
    }

    /// Where the number i has its place, or gets it: the first that is empty or holds the same number, from where its bits fall by multiplication (Knuth 6.4).
    private static int place(float[] ids, int idsOffset, int i, float[] table, int tableOffset, int places) {
        int id = Float.floatToRawIntBits(ids[idsOffset + i]);
        int at = (int) ((((id * 0x9E3779B9L) & 0xFFFFFFFFL) * places) >>> 32);
        for (;;) {
            int held = Float.floatToRawIntBits(table[tableOffset + at]) - 1;
            if (held < 0 || Float.floatToRawIntBits(ids[idsOffset + held]) == id) return tableOffset + at;
            at = at + 1 == places ? 0 : at + 1;
        }
    }

    private static int number(float bits, int rows) {
        int id = Float.floatToRawIntBits(bits);
        if (id < 0 || id >= rows) throw new IndexOutOfBoundsException("row " + id + " of a table of " + rows);
        return id;
    }

    /// Floats of a packed matrix of K rows and N columns.
    public static int packedSize(int k, int n) {
        return Math.multiplyExact(k, panels(n) * PANEL);
    }

    /// Panels of N columns.
    public static int panels(int n) {
        return (n + PANEL - 1) / PANEL;
    }

    /// Packs the K x N matrix `src[srcOffset + i*srcRow + j*srcColumn]` to panels from `dstOffset` on.
    public static void pack(float[] dst, int dstOffset, float[] src, int srcOffset, int srcRow, int srcColumn, int k, int n) {
        pack(dst, dstOffset, src, srcOffset, srcRow, srcColumn, k, n, 0, panels(n));
    }

    /// Packs panels `from..to` only: panels are the natural tasks of a packing step.
    public static void pack(float[] dst, int dstOffset, float[] src, int srcOffset, int srcRow, int srcColumn, int k, int n, int from, int to) {
        for (int panel = from; panel < to; panel++) {
            int d = dstOffset + panel * k * PANEL;
            int s = srcOffset + panel * PANEL * srcColumn;
            int columns = Math.min(PANEL, n - panel * PANEL);
            copy(dst, d, PANEL, 1, src, s, srcRow, srcColumn, k, columns);
            if (columns < PANEL) fill(dst, d + columns, PANEL, 1, k, PANEL - columns, 0);
        }
    }

    /// The inverse of [#pack]: writes the K x N matrix `dst[dstOffset + i*dstRow + j*dstColumn]` from panels; pads are not read.
    public static void unpack(float[] dst, int dstOffset, int dstRow, int dstColumn, float[] src, int srcOffset, int k, int n) {
        for (int panel = 0; panel < panels(n); panel++) {
            int columns = Math.min(PANEL, n - panel * PANEL);
            copy(dst, dstOffset + panel * PANEL * dstColumn, dstRow, dstColumn, src, srcOffset + panel * k * PANEL, PANEL, 1, k, columns);
        }
    }
}
