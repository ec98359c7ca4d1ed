package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.ChannelKey.Taps;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SlideEmitterTest {
    private static final int PLACE = 100;
    private static final int LINE = 150 * PLACE;
    /// Places before the first row's, for taps that lie behind it.
    private static final int BEHIND = 20 * PLACE;

    record Problem(SlideKey key, int blocks, int columns) {
        private int rows() {
            return blocks * key.rows();
        }

        private int taps() {
            return key.taps().count();
        }

        private int bPanel() {
            return TileKey.PANEL * key.lines() * taps();
        }

        private int cRow() {
            return columns + 5;
        }

        private float[] a() {
            return Figures.random(1, BEHIND + key.lines() * LINE);
        }

        private float[] b() {
            return Figures.random(2, Math.ceilDiv(columns, TileKey.PANEL) * bPanel());
        }

        private float[] s() {
            return Figures.random(3, columns);
        }

        private float[] initial() {
            return Figures.random(5, rows() * cRow());
        }

        float[] run(Width width) {
            float[] c = initial();
            Kernels.run(key, width, blocks, columns, a(), BEHIND, b(), 0, c, 0, s(), 0, initial(), 0, PLACE, LINE, TileKey.PANEL, TileKey.PANEL * taps(), bPanel(), cRow(), cRow());
            return c;
        }

        /// The same with plain loops.
        float[] expected() {
            float[] a = a();
            float[] b = b();
            float[] c = initial();
            for (int i = 0; i < rows(); i++)
                for (int j = 0; j < columns; j++) {
                    float old = initial()[i * cRow() + j];
                    float sum = switch (key.start()) {
                        case ZERO -> 0;
                        case BIAS, BIAS_RESIDUAL -> s()[j];
                        case RESIDUAL -> old;
                    };
                    for (int w = 0; w < key.lines(); w++)
                        for (int t = 0; t < taps(); t++) {
                            float weight = b[j / TileKey.PANEL * bPanel() + (w * taps() + t) * TileKey.PANEL + j % TileKey.PANEL];
                            sum = Math.fma(a[BEHIND + w * LINE + (i * key.taps().step() + t * key.taps().dilation()) * PLACE + j], weight, sum);
                        }
                    if (key.start() == Start.BIAS_RESIDUAL) sum += old;
                    c[i * cRow() + j] = key.act() instanceof Act.Relu && sum < 0 ? 0 : sum;
                }
            return c;
        }
    }

    static Stream<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (int step : List.of(1, 2))
            for (int rows = 1; rows <= SlideKey.highest(new Taps(3, step, 1)); rows++)
                for (int columns : List.of(16, 80)) problems.add(new Problem(new SlideKey(rows, 3, new Taps(3, step, 1), Start.BIAS, Act.RELU), 3, columns));
        for (int taps = 1; taps <= 5; taps++)
            for (int dilation : List.of(1, 2, -1, -3)) problems.add(new Problem(new SlideKey(8, 9 / taps, new Taps(taps, 1, dilation), Start.ZERO, Act.NONE), 2, 48));
        for (int dilation : List.of(2, 3, -1)) problems.add(new Problem(new SlideKey(4, 3, new Taps(3, 2, dilation), Start.ZERO, Act.NONE), 2, 48));
        for (Start start : Start.values()) problems.add(new Problem(new SlideKey(4, 3, new Taps(3, 2, 1), start, Act.RELU), 2, 32));
        for (Start start : Start.values()) problems.add(new Problem(new SlideKey(8, 3, new Taps(3, 1, 1), start, Act.RELU), 2, 32));
        problems.add(new Problem(new SlideKey(7, 9, new Taps(1, 1, 1), Start.BIAS_RESIDUAL, Act.RELU), 3, 48));
        return problems.stream();
    }

    @ParameterizedTest
    @MethodSource("problems")
    void agreesWithPlainLoopsAtEveryWidth(Problem problem) {
        float[] expected = problem.expected();
        for (Width width : Width.values()) Figures.assertSameBits(expected, problem.run(width), problem.key() + " at " + width);
    }

    @Test
    void blocksAreAsHighAsTheQuickCompilerTakesThem() {
        for (Width width : List.of(Width.W512, Width.W256)) {
            assertEquals(8, new SlideEmitter(new SlideKey(8, 3, new Taps(3, 1, 1), Start.BIAS, new Act.Clip(0, 6)), width).block().rows());
            assertEquals(4, new SlideEmitter(new SlideKey(8, 3, new Taps(3, 1, 1), Start.BIAS_RESIDUAL, Act.RELU), width).block().rows());
            assertEquals(4, new SlideEmitter(new SlideKey(8, 9, new Taps(1, 1, 1), Start.ZERO, Act.NONE), width).block().rows());
            assertEquals(4, new SlideEmitter(new SlideKey(4, 3, new Taps(3, 2, 1), Start.BIAS_RESIDUAL, new Act.Clip(0, 6)), width).block().rows());
        }
    }

    @Test
    void refusesWindowsThatRegistersDoNotHold() {
        assertThrows(IllegalArgumentException.class, () -> new SlideKey(8, 4, new Taps(3, 1, 1), Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> new SlideKey(8, 1, new Taps(6, 1, 1), Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> new SlideKey(9, 3, new Taps(3, 1, 1), Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> new SlideKey(5, 3, new Taps(3, 2, 1), Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> new SlideKey(2, 3, new Taps(3, 3, 1), Start.ZERO, Act.NONE));
    }
}
