package dev.kiln.compiler.bytecode;

/// What one method may have. Beyond it the JVM no longer compiles to good code, or at all (at 8000 bytes), so it is refused here.
///
/// @param bytes      of code
/// @param operations on vectors
/// @param live       vectors in locals at one time
public record Limits(int bytes, int operations, int live) {
    /// Code without vectors.
    public static final Limits PLAIN = new Limits(7900, 0, 0);

    /// Kernels in 32 registers.
    public static final Limits WIDE = new Limits(7400, 250, 31);

    /// Kernels in 16 registers.
    public static final Limits NARROW = new Limits(7400, 250, 15);

    void check(String method, int bytes, int operations, int live) {
        check(method, "bytes of code", bytes, this.bytes);
        check(method, "vector operations", operations, this.operations);
        check(method, "vectors alive at once", live, this.live);
    }

    private static void check(String method, String what, int has, int may) {
        if (has > may) throw new LimitException("%s has %d %s, at most %d are allowed".formatted(method, has, what, may));
    }
}
