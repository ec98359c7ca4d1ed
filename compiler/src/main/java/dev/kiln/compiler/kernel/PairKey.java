package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/// Two tiles at once that have nothing to do with each other: 1×128, which waits for its b from the second cache, and 8×16, which finds work for the multipliers meanwhile. Each computes what
/// it would compute alone, with the same bits. Both read packed b with a along k; the second begins with zero and ends with nothing.
///
/// `run(K, a, aO, b, bO, c, cO, s, sO, r, rO, bPanel, K2, a2, a2O, b2, b2O, c2, c2O, c2Row)`: the second tile's parameters end with 2.
///
/// @param start of the first tile
/// @param act   of the first tile
/// @param aRow  the row stride of a2
public record PairKey(Start start, Act act, int aRow) implements KernelKey {
    private static final List<Parameter> ALL = Stream.of(
                    Parameter.integers("K"),
                    Stream.of("a", "b", "c", "s", "r").flatMap(Parameter::array),
                    Parameter.integers("bPanel", "K2"),
                    Stream.of("a2", "b2", "c2").flatMap(Parameter::array),
                    Parameter.integers("c2Row"))
            .flatMap(Function.identity())
            .toList();

    public TileKey first() {
        return TileKey.of(1, 128, start, act);
    }

    public TileKey second() {
        return new TileKey(8, 16, false, OptionalInt.of(aRow), Start.ZERO, Act.NONE);
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
        return "Pair" + TileKey.ending(false, OptionalInt.of(aRow), start, act);
    }

    @Override
    public String toString() {
        return "pair of " + first() + " and " + second();
    }
}
