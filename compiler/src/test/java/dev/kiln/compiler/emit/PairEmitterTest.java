package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PairEmitterTest {
    private static final int OFFSET = 12;
    private static final int COLUMNS = 128;
    private static final int ROWS = 8;
    private static final int C2_ROW = 21;

    record Pair(Start start, Act act, int k, int k2) {}

    static Stream<Pair> pairs() {
        return Stream.of(new Pair(Start.ZERO, Act.NONE, 32, 16), new Pair(Start.BIAS, Act.NONE, 33, 16), new Pair(Start.RESIDUAL, Act.RELU, 8, 29), new Pair(Start.BIAS_RESIDUAL, Act.NONE, 50, 3),
                new Pair(Start.ZERO, Act.NONE, 1, 1), new Pair(Start.ZERO, Act.NONE, 0, 5), new Pair(Start.BIAS, Act.RELU, 5, 0));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aPairIsItsTwoTiles(Pair pair) {
        int aRow = pair.k2 + 3;
        var key = new PairKey(pair.start, pair.act, aRow);
        float[] a = Figures.random(1, OFFSET + pair.k);
        float[] b = Figures.random(2, OFFSET + COLUMNS * pair.k);
        float[] s = Figures.random(3, OFFSET + COLUMNS);
        float[] r = Figures.random(4, OFFSET + COLUMNS);
        float[] a2 = Figures.random(5, OFFSET + ROWS * aRow);
        float[] b2 = Figures.random(6, OFFSET + TileKey.PANEL * pair.k2 + TileKey.PANEL);
        int bPanel = TileKey.PANEL * pair.k;
        for (Width width : Width.values()) {
            float[] c = Figures.random(7, OFFSET + COLUMNS + 5);
            float[] c2 = Figures.random(8, OFFSET + ROWS * C2_ROW);
            float[] alone = c.clone();
            float[] alone2 = c2.clone();
            Kernels.run(key, width, pair.k, a, OFFSET, b, OFFSET, c, OFFSET, s, OFFSET, r, OFFSET, bPanel, pair.k2, a2, OFFSET, b2, OFFSET + 16, c2, OFFSET, C2_ROW);
            Kernels.run(key.first(), width, pair.k, a, OFFSET, b, OFFSET, alone, OFFSET, s, OFFSET, r, OFFSET, 0, 1, TileKey.PANEL, bPanel, 0, 0, 1, 0, 0, 1, 0, 0);
            Kernels.run(key.second(), width, pair.k2, a2, OFFSET, b2, OFFSET + 16, alone2, OFFSET, s, OFFSET, r, OFFSET, aRow, 1, TileKey.PANEL, 0, C2_ROW, 0, 1, 0, 0, 1, 0, 0);
            assertArrayEquals(alone, c, width + " first");
            assertArrayEquals(alone2, c2, width + " second");
        }
    }
}
