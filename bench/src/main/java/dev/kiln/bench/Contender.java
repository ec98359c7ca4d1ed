package dev.kiln.bench;

import java.util.List;

/// One way to compute an item: ours, a peer's, or the machine's own limit.
public interface Contender extends AutoCloseable {
    enum Role { OURS, EARLIER, PEER, PEAK }

    /// As the table prints it.
    String name();

    Role role();

    /// Bits of the vectors that it computes with; 0 where that is its own affair.
    int width();

    /// Operations of one call, a fused multiply-add counted as two; 0 where nobody asks.
    double flops();

    /// One call. It must leave its result where [#output] finds it.
    void run();

    /// The result of the last call, row-major; empty for a peak.
    float[] output();

    /// What a reader of the figures should know.
    default List<String> notes() {
        return List.of();
    }

    @Override
    void close();
}
