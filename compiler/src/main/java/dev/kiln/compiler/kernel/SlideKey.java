package dev.kiln.compiler.kernel;

import dev.kiln.compiler.kernel.ChannelKey.Taps;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/// A window of known size that slides along rows of a contraction whose operands both run along the columns (a line of a depthwise convolution 3×3),
/// `blocks`·`rows` × `columns` of the result:
/// ```
/// c[cO + i*cRow + j] = act(start + Σ_w<lines Σ_t<taps a[aO + w*aLine + (i*step + t*dilation)*aRow + j]
///                                                   * b[bO + w*bLine + t*bStep + j mod 32 + (j div 32)*bPanel])
/// ```
/// The sum runs in the order of the formula with fused multiply-adds, as that of a [ChannelKey] does. One vector of columns after another goes through all blocks, so that
/// the weights of the whole window stay in registers, and one call does what would be some hundred blocks.
///
/// Columns are a multiple of 16: all of b, s, r are read and all of c written.
///
/// @param rows  of a block, 1 to 8, or to 4 where the window slides by two places
/// @param lines of the window
/// @param taps  of a line of the window
public record SlideKey(int rows, int lines, Taps taps, Start start, Act act) implements KernelKey {
    /// With so many a block keeps the multipliers busy.
    private static final int HIGHEST = 8;
    /// Weights that wide registers hold beside a block.
    private static final int WEIGHTS = 9;
    /// Weights of a line that narrow registers hold beside a block.
    private static final int TAPS = 5;

    private static final List<Parameter> ALL = Stream.of(
                    Parameter.integers("blocks", "columns"),
                    Stream.of("a", "b", "c", "s", "r").flatMap(Parameter::array),
                    Parameter.integers("aRow", "aLine", "bStep", "bLine", "bPanel", "cRow", "rRow"))
            .flatMap(Function.identity())
            .toList();

    public SlideKey {
        if (!fits(lines, taps)) throw new IllegalArgumentException("a window of %d lines of %d taps that slides by %d does not fit into registers".formatted(lines, taps.count(), taps.step()));
        if (rows < 1 || rows > highest(taps)) throw new IllegalArgumentException("a block has 1 to %d rows, not %d".formatted(highest(taps), rows));
    }

    /// Whether registers hold the weights, and the places of a block overlap.
    public static boolean fits(int lines, Taps taps) {
        return taps.step() <= 2 && lines >= 1 && lines <= WEIGHTS / taps.count() && taps.count() <= TAPS;
    }

    /// The most rows of a block. Each has two places of its own where the window slides by two, and of those of eight rows the JVM's quick compiler takes no more.
    public static int highest(Taps taps) {
        return HIGHEST / taps.step();
    }

    @Override
    public List<Parameter> parameters() {
        return ALL;
    }

    @Override
    public String idle() {
        return "blocks";
    }

    @Override
    public String className() {
        return "Slide%dx%d%s%s%s".formatted(rows, lines, Names.camel(start), Names.of(act), taps.name());
    }

    @Override
    public String toString() {
        return "slide %d rows start %s act %s lines %d taps %s".formatted(rows, start.name().toLowerCase(Locale.ROOT), act, lines, taps);
    }
}
