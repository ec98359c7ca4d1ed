package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/// A block of a contraction, `rows` × `columns` of the result:
/// ```
/// c[cO + i*cRow + j] = act(start + Σ_q<Q Σ_r<R Σ_k<K a[aO + q*aQ + r*aR + i*aRow + k*aStep]
///                                                  * b[bO + q*bQ + r*bR + k*bStep + j mod 32 + (j div 32)*bPanel])
/// ```
/// The sum runs in the order of the formula with fused multiply-adds, one accumulator an element, so the bits do not depend on the width. Columns lie in panels
/// of 32: `bPanel` is the distance between panels, and 32 where b is no packed parameter but lies as rows; with up to 32 columns it is not read.
///
/// Columns count floats, not vectors: at each width the class covers them in blocks of registers of its own, so one driver serves every width. All
/// columns of b, s, r are read and all of c written. The block of c must overlap neither a nor b.
///
/// `run(K, a, aO, b, bO, c, cO, s, sO, r, rO, aRow, aStep, bStep, bPanel, cRow, rRow, R, aR, bR, Q, aQ, bQ)`. K stands first by measurement: with `a` first (it then
/// arrives in another machine register) C2 spills addresses within the inner loop and a tile of 12×32 falls from 97 to 86 % of peak.
///
/// @param rows    1 to 14
/// @param columns 16, 24, 32, 64 or 128; what 512-bit registers hold: 14×32, 4×64, 2×128, and 7×24 as vectors half as wide
/// @param windows whether the sum runs over q and r, too; else Q and R are 1 and their arguments ignored
/// @param aRow    the row stride of a where it is baked into the class; then the argument is ignored
public record TileKey(int rows, int columns, boolean windows, OptionalInt aRow, Start start, Act act) implements KernelKey {
    /// Columns of a panel of packed parameters.
    public static final int PANEL = 32;

    /// Three vectors of 256 bit, for columns that would leave a quarter of a panel unused.
    public static final int NARROW = 24;
    /// The rows of a block of so few columns: of eight C2 spills some in one network and not in the next.
    public static final int NARROW_ROWS = 7;

    static final List<Parameter> ALL = Stream.of(
                    Parameter.integers("K"),
                    Stream.of("a", "b", "c", "s", "r").flatMap(Parameter::array),
                    Parameter.integers("aRow", "aStep", "bStep", "bPanel", "cRow", "rRow", "R", "aR", "bR", "Q", "aQ", "bQ"))
            .flatMap(Function.identity())
            .toList();

    public TileKey {
        int high = highest(columns);
        if (rows < 1 || rows > high) throw new IllegalArgumentException("a tile of %d columns has 1 to %d rows, not %d".formatted(columns, high, rows));
    }

    /// An all-argument tile of a product of matrices.
    public static TileKey of(int rows, int columns, Start start, Act act) {
        return new TileKey(rows, columns, false, OptionalInt.empty(), start, act);
    }

    public TileKey withWindows() {
        return new TileKey(rows, columns, true, aRow, start, act);
    }

    public TileKey withRowStride(int stride) {
        return new TileKey(rows, columns, windows, OptionalInt.of(stride), start, act);
    }

    /// The most rows that a tile of `columns` may have.
    public static int highest(int columns) {
        return switch (columns) {
            case 16, 24, 32 -> 14;
            case 64 -> 4;
            case 128 -> 2;
            default -> throw new IllegalArgumentException("a tile has 16, 24, 32, 64 or 128 columns, not " + columns);
        };
    }

    @Override
    public List<Parameter> parameters() {
        return ALL;
    }

    @Override
    public String idle() {
        return "K";
    }

    @Override
    public String className() {
        return "Tile%dx%d%s".formatted(rows, columns, ending(windows, aRow, start, act));
    }

    /// What class names say beside the size.
    public static String ending(boolean windows, OptionalInt aRow, Start start, Act act) {
        return (windows ? "Windows" : "") + Names.camel(start) + Names.of(act) + (aRow.isPresent() ? "A" + aRow.getAsInt() : "");
    }

    @Override
    public String toString() {
        return "tile %dx%d%s start %s act %s%s".formatted(rows, columns, windows ? " windows" : "", start.name().toLowerCase(Locale.ROOT), act,
                aRow.isPresent() ? " aRow " + aRow.getAsInt() : "");
    }
}
