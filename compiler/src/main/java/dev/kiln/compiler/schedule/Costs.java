package dev.kiln.compiler.schedule;

/// Estimated nanoseconds on a core of some 120 GFLOP/s whose data lie in its caches. They decide who is woken for a step and how many share it, never a bit of its result. Nothing here
/// overflows that does not as a number of elements.
final class Costs {
    /// What a call costs.
    private static final int CALL = 20;
    private static final int PRODUCTS = 60;
    /// Where both operands are loaded for each product.
    private static final int PRODUCTS_BY_CHANNEL = 25;

    private Costs() {}

    /// @param terms of each sum
    /// @param sums  of the tiles
    static IndexExpr products(IndexExpr terms, int sums, boolean byChannel) {
        return terms.times(IndexExpr.number(Math.max(1, sums / (byChannel ? PRODUCTS_BY_CHANNEL : PRODUCTS)))).plus(IndexExpr.number(CALL));
    }

    /// @param operations vector operations, over all sweeps
    static IndexExpr elementwise(IndexExpr elements, int operations) {
        return elements.quotient(IndexExpr.number(16)).times(IndexExpr.number(Math.min(16, 2 + operations / 3))).plus(IndexExpr.number(CALL));
    }

    static IndexExpr copied(IndexExpr elements) {
        return elements.quotient(IndexExpr.number(2)).plus(IndexExpr.number(CALL));
    }
}
