package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A block of a contraction whose operands both run along the columns (a depthwise convolution, its gradients, an average pool), `rows` × `columns` of the result:
/// ```
/// c[cO + i*cRow + j] = act(start + Σ_q<Q Σ_r<R Σ_k<K a[aO + q*aQ + r*aR + i*aRow + k*aStep + j]
///                                                  * b[bO + q*bQ + r*bR + k*bStep + j mod 32 + (j div 32)*bPanel])
/// ```
/// Parameters, panels of b and the order of the sum are those of a [TileKey]. Nothing is shared between columns, so what lies in pads stays there.
///
/// @param rows    1 to 14
/// @param columns 16, 32, 64 or 128, as many as a tile of these rows may have
/// @param taps    how the rows of a window overlap, where that is known: then K, aStep are not read, and aRow is the distance between neighbouring places
public record ChannelKey(int rows, int columns, Optional<Taps> taps, Start start, Act act) implements KernelKey {
    /// Row i at tap k reads place `i*step + k*dilation` of a; a place that several rows read is loaded once.
    /// @param count    1 to 7
    /// @param step     1 to 4
    /// @param dilation -4 to 4, not 0
    public record Taps(int count, int step, int dilation) {
        private static final int MOST = 7;
        private static final int FARTHEST = 4;

        public Taps {
            if (!fits(count, step, dilation)) throw new IllegalArgumentException("%d taps with step %d and dilation %d".formatted(count, step, dilation));
        }

        public static boolean fits(int count, int step, int dilation) {
            return count >= 1 && count <= MOST && step >= 1 && step <= FARTHEST && dilation != 0 && Math.abs(dilation) <= FARTHEST;
        }

        /// For names of classes.
        String name() {
            return "T%ds%dd%s".formatted(count, step, dilation < 0 ? "m" + -dilation : "" + dilation);
        }

        @Override
        public String toString() {
            return "%d step %d dilation %d".formatted(count, step, dilation);
        }
    }

    public ChannelKey {
        int high = TileKey.highest(columns);
        if (rows < 1 || rows > high) throw new IllegalArgumentException("a block of %d columns has 1 to %d rows, not %d".formatted(columns, high, rows));
    }

    @Override
    public List<Parameter> parameters() {
        return TileKey.ALL;
    }

    @Override
    public String idle() {
        return "K";
    }

    @Override
    public String className() {
        return "Channel%dx%d%s%s%s".formatted(rows, columns, Names.camel(start), Names.of(act), taps.map(Taps::name).orElse(""));
    }

    @Override
    public String toString() {
        return "channel %dx%d start %s act %s%s".formatted(rows, columns, start.name().toLowerCase(Locale.ROOT), act, taps.map(t -> " taps " + t).orElse(""));
    }
}
