package dev.kiln.runtime;

import java.util.Arrays;

/// Where the buffers of an arena lie: the largest first, each at the lowest offset where no buffer stands that lives at the same time. Offsets are 12 (mod 16).
public final class Placement {
    /// Placed buffers by offset: begin and end in the arena, first and last step.
    private final int[] begins;
    private final int[] ends;
    private final int[] firsts;
    private final int[] lasts;
    private int count;
    private int top = Alignment.FIRST;

    private Placement(int n) {
        begins = new int[n];
        ends = new int[n];
        firsts = new int[n];
        lasts = new int[n];
    }

    /// Writes an offset for each slot into the binding and returns the floats that the arena needs.
    /// @param slots see [EntryCode#slots]
    /// @throws ArithmeticException when one array cannot hold it
    public static int place(int[] b, int... slots) {
        int n = slots.length / 4;
        // no streams here: this runs in the first call, and in a cold JVM they would be most of it
        long[] bySize = new long[n];
        for (int i = 0; i < n; i++) bySize[i] = ((long) -Alignment.roundUp(b[slots[4 * i]]) << 32) | i;
        Arrays.sort(bySize);
        var placement = new Placement(n);
        for (long sizeAndSlot : bySize) {
            int size = (int) -(sizeAndSlot >> 32);
            int i = 4 * (int) sizeAndSlot;
            b[slots[i + 3]] = size == 0 ? Alignment.FIRST : placement.add(size, slots[i + 1], slots[i + 2]);
        }
        return placement.top;
    }

    private int add(int size, int first, int last) {
        int at = Alignment.FIRST;
        for (int i = 0; i < count && begins[i] < (long) at + size; i++) {
            if (firsts[i] <= last && first <= lasts[i]) at = Math.max(at, ends[i]);
        }
        if ((long) at + size > Alignment.LIMIT) throw new ArithmeticException("more than the " + Alignment.LIMIT + " floats that one array may hold");
        int where = Arrays.binarySearch(begins, 0, count, at);
        where = where < 0 ? -where - 1 : where;
        insert(begins, where, at);
        insert(ends, where, at + size);
        insert(firsts, where, first);
        insert(lasts, where, last);
        count++;
        top = Math.max(top, at + size);
        return at;
    }

    private void insert(int[] column, int where, int value) {
        System.arraycopy(column, where, column, where + 1, count - where);
        column[where] = value;
    }
}
