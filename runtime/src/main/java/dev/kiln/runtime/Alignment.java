package dev.kiln.runtime;

/// Where buffers lie in an array: sizes are rounded up to 16 floats and offsets are 12 (mod 16). A large `float[]` of G1 begins at a region and its element 12 at a
/// multiple of 64 bytes, so such a buffer begins at a cache line.
public final class Alignment {
    /// The offset of the first buffer.
    public static final int FIRST = 12;
    /// Buffers are whole numbers of this many floats.
    public static final int UNIT = 16;
    /// The most floats that one array may hold.
    public static final int LIMIT = 1 << 30;

    private Alignment() {}

    /// The size rounded up.
    /// @throws ArithmeticException when it does not fit an array
    public static int roundUp(long size) {
        long rounded = (size + UNIT - 1) / UNIT * UNIT;
        if (size < 0 || rounded > LIMIT - FIRST) throw new ArithmeticException("a buffer of " + size + " floats is larger than the " + LIMIT + " that one array may hold");
        return (int) rounded;
    }
}
