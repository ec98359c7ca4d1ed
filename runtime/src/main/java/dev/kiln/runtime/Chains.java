package dev.kiln.runtime;

import java.util.Arrays;

/// How a binding runs its chains: block after block of rows, each as a binding of that size says. What the steps of one chain alone touch has room for one block, behind
/// the rest of the arena; so it stays in the cache, and a batch needs less memory.
final class Chains {
    /// Numbers of [EntryCode#chains] that stand before the ranges.
    private static final int HEAD = 2;
    private static final int SLOT = 4;

    private final int[] numbers;
    private final int[] rows;
    private final int[] slots;
    private final Door[] inputs;
    private final Door[] outputs;
    private final int total;
    private final int most;
    private final Binding block;
    private final Binding rest;
    /// Where the room for a block begins.
    private final int base;

    /// @param most rows of a block
    /// @param base floats of the arena that something else lies in
    private Chains(EntryCode code, int most, int base, int... dims) {
        numbers = code.chains();
        rows = code.rows();
        slots = code.slots();
        inputs = code.inputs();
        outputs = code.outputs();
        this.most = most;
        this.base = base;
        total = dims[dim()];
        block = block(code, most, dims);
        rest = total % most == 0 ? block : block(code, total % most, dims);
    }

    /// The chains of an entry for these dims, null where one block takes all rows.
    /// @param threads for each of which a block has the rows that the entry asks for
    static Chains of(EntryCode code, int threads, int base, int... dims) {
        return apart(code, threads, dims) ? new Chains(code, most(code, threads), base, dims) : null;
    }

    private static int most(EntryCode code, int threads) {
        return (int) Math.min(Integer.MAX_VALUE, (long) code.chains()[1] * threads);
    }

    private static boolean apart(EntryCode code, int threads, int... dims) {
        return threads > 0 && code.chains().length > 0 && dims[code.chains()[0]] > most(code, threads);
    }

    /// The slots that are placed for all rows at once.
    static int[] outside(EntryCode code, int threads, int... dims) {
        return apart(code, threads, dims) ? slots(code, false) : code.slots();
    }

    private static int[] slots(EntryCode code, boolean inner) {
        int[] all = code.slots();
        int[] rows = code.rows();
        int[] picked = new int[all.length];
        int n = 0;
        for (int i = 0; i < rows.length; i++) {
            if ((rows[i] == EntryCode.INNER) != inner) continue;
            System.arraycopy(all, SLOT * i, picked, n, SLOT);
            n += SLOT;
        }
        return Arrays.copyOf(picked, n);
    }

    private Binding block(EntryCode code, int size, int... dims) {
        int[] part = dims.clone();
        part[dim()] = size;
        return Binding.block(code, slots(code, true), part);
    }

    private int dim() {
        return numbers[0];
    }

    int arena() {
        return Math.max(block.arena, rest.arena);
    }

    boolean shared() {
        return block.shared;
    }

    int count() {
        return (numbers.length - HEAD) / 2;
    }

    /// The first step of a chain.
    int first(int chain) {
        return numbers[HEAD + 2 * chain];
    }

    /// The step after its last.
    int end(int chain) {
        return numbers[HEAD + 2 * chain + 1];
    }

    /// How many rows there are.
    int total() {
        return total;
    }

    /// The binding of the block that begins at a row.
    Binding at(int row) {
        return total - row < most ? rest : block;
    }

    /// How many rows that block has.
    int size(int row) {
        return Math.min(most, total - row);
    }

    /// Writes the numbers of a block into `b`: its own, with every slot where it lies in the arena of the call.
    /// @param all the numbers for all rows
    void place(int row, int[] all, int[] b) {
        int[] own = at(row).b;
        System.arraycopy(own, 0, b, 0, own.length);
        for (int i = 0; i < rows.length; i++) {
            int offset = slots[SLOT * i + 3];
            b[offset] = switch (rows[i]) {
                case EntryCode.INNER -> base + own[offset];
                case EntryCode.SAME -> all[offset];
                default -> all[offset] + row * all[rows[i]];
            };
        }
    }

    /// Lets the doors that have rows begin so many rows later.
    void move(int by, int[] b, Frame frame) {
        for (int i = 0; i < inputs.length; i++) frame.inOffset[i] += by * row(inputs[i], b);
        for (int i = 0; i < outputs.length; i++) frame.outOffset[i] += by * row(outputs[i], b);
    }

    /// Elements from one row to the next, 0 of what has none. Nothing but axes of one element stands before the rows.
    private int row(Door door, int... b) {
        int rows = 0;
        while (rows < door.rank() && door.axis(rows) == 1) rows++;
        if (rows == door.rank() || door.axis(rows) != -1 - dim()) return 0;
        int elements = 1;
        for (int axis = rows + 1; axis < door.rank(); axis++) elements *= door.extent(axis, b);
        return elements;
    }
}
