package dev.kiln.compiler.emit;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.ChannelKey.Taps;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChannelEmitterTest {
    private static final int PLACE = 150;
    private static final int MIDDLE = 6 * PLACE;

    /// A window of `k` taps over r and q further ones; places of a lie 150 floats apart.
    record Problem(ChannelKey key, int k, int r, int q) {
        private int step() {
            return key.taps().map(Taps::step).orElse(2);
        }

        private int dilation() {
            return key.taps().map(Taps::dilation).orElse(1);
        }

        private int cRow() {
            return key.columns() + 5;
        }

        private int at(int i, int t) {
            int place = i * step() + t % k * dilation() + t / k;
            return 4 * MIDDLE + place * PLACE;
        }

        private float[] a() {
            return Figures.random(1, 8 * MIDDLE + (key.rows() * step() + k * 4 + r * q) * PLACE);
        }

        private float[] b() {
            return Figures.random(2, Math.ceilDiv(key.columns(), TileKey.PANEL) * TileKey.PANEL * k * r * q);
        }

        private float[] s() {
            return Figures.random(3, key.columns());
        }

        private float[] initial() {
            return Figures.random(5, key.rows() * cRow());
        }

        float[] run(Width width) {
            float[] c = initial();
            int aRow = key.taps().isPresent() ? PLACE : step() * PLACE;
            Kernels.run(key, width, k, a(), 4 * MIDDLE, b(), 0, c, 0, s(), 0, initial(), 0, aRow, dilation() * PLACE, 32, 32 * k * r * q, cRow(), cRow(), r, PLACE, 32 * k, q, r * PLACE, 32 * k * r);
            return c;
        }

        /// The same with plain loops.
        float[] expected() {
            float[] a = a();
            float[] b = b();
            float[] c = initial();
            for (int i = 0; i < key.rows(); i++)
                for (int j = 0; j < key.columns(); j++) {
                    float old = initial()[i * cRow() + j];
                    float sum = switch (key.start()) {
                        case ZERO -> 0;
                        case BIAS, BIAS_RESIDUAL -> s()[j];
                        case RESIDUAL -> old;
                    };
                    for (int t = 0; t < k * r * q; t++) sum = Math.fma(a[at(i, t) + j], b[j / 32 * 32 * k * r * q + t * 32 + j % 32], sum);
                    if (key.start() == Start.BIAS_RESIDUAL) sum += old;
                    c[i * cRow() + j] = key.act() instanceof Act.Relu && sum < 0 ? 0 : sum;
                }
            return c;
        }
    }

    static Stream<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (int rows = 1; rows <= 14; rows++) {
            problems.add(new Problem(new ChannelKey(rows, 32, Optional.of(new Taps(3, 1, 1)), Start.ZERO, Act.NONE), 3, 3, 1));
            problems.add(new Problem(new ChannelKey(rows, 16, Optional.empty(), Start.BIAS, Act.RELU), 5, 2, 2));
        }
        for (int taps : List.of(1, 2, 5, 7)) for (int step : List.of(1, 2, 4)) for (int dilation : List.of(1, 2, -1, -3)) problems.add(new Problem(new ChannelKey(7, 32, Optional.of(new Taps(taps, step, dilation)), Start.BIAS, Act.NONE), taps, 2, 1));
        for (Start start : Start.values()) problems.add(new Problem(new ChannelKey(2, 128, Optional.of(new Taps(3, 2, 1)), start, Act.RELU), 3, 2, 2));
        problems.add(new Problem(new ChannelKey(4, 64, Optional.empty(), Start.RESIDUAL, Act.NONE), 6, 2, 1));
        problems.add(new Problem(new ChannelKey(3, 64, Optional.of(new Taps(5, 1, 2)), Start.RESIDUAL, Act.NONE), 5, 1, 1));
        return problems.stream();
    }

    @ParameterizedTest
    @MethodSource("problems")
    void agreesWithPlainLoopsAtEveryWidth(Problem problem) {
        float[] expected = problem.expected();
        for (Width width : Width.values()) Figures.assertSameBits(expected, problem.run(width), problem.key() + " at " + width);
    }
}
