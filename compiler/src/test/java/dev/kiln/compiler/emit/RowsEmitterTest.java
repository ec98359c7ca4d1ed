package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.bytecode.LimitException;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Ahead;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Node.Reduction;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.type.DType;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowsEmitterTest {
    private static final int ROWS = 5;
    private static final List<Integer> SIZES = List.of(1, 2, 7, 15, 16, 17, 31, 37, 64, 101);

    /// Builds bodies node by node.
    private static final class Builder {
        final List<Port> ports = new ArrayList<>();
        final List<Node> nodes = new ArrayList<>();
        final List<Store> stores = new ArrayList<>();

        int read(Port port) {
            ports.add(port);
            return add(new Node.Read(ports.size() - 1));
        }

        int literal(double value) {
            return add(new Node.Literal(value, DType.f32));
        }

        int apply(Fn fn, Integer... arguments) {
            return add(new Node.Apply(fn, List.of(arguments)));
        }

        int add(Node node) {
            nodes.add(node);
            return nodes.size() - 1;
        }

        void store(int node, Port port) {
            ports.add(port);
            stores.add(new Store(node, ports.size() - 1));
        }

        RowsKey key() {
            return new RowsKey(new RowsBody(ports, nodes, stores));
        }
    }

    private static RowsKey softmax() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        int top = b.add(new Node.RowReduce(Reduction.MAX, x));
        int e = b.apply(Functions.EXP, b.apply(Functions.SUB, x, top));
        int sum = b.add(new Node.RowReduce(Reduction.SUM, e));
        b.store(b.apply(Functions.DIV, e, sum), Port.stream(DType.f32));
        b.store(b.apply(Functions.LOG, sum), Port.row(DType.f32));
        return b.key();
    }

    /// Rows of n with a gap, the gap filled with NaN.
    private static float[] gapped(long seed, int n) {
        float[] x = Figures.random(seed, ROWS * (n + 3));
        for (int r = 0; r < ROWS; r++) for (int j = n; j < n + 3; j++) x[r * (n + 3) + j] = Float.NaN;
        return x;
    }

    @Test
    void softmaxSumsToOneInPlaceAndHasTheSameBitsAtAllWidths() {
        for (int n : SIZES) {
            float[] expected = null;
            for (Width width : Width.values()) {
                float[] x = gapped(3, n);
                float[] original = x.clone();
                float[] logs = new float[ROWS];
                Kernels.run(softmax(), width, ROWS, n, x, 0, n + 3, x, 0, n + 3, logs, 0, 1, 0, new float[40], 8);
                for (int r = 0; r < ROWS; r++) {
                    double sum = 0;
                    double top = Double.NEGATIVE_INFINITY;
                    for (int j = 0; j < n; j++) top = Math.max(top, original[r * (n + 3) + j]);
                    for (int j = 0; j < n; j++) sum += Math.exp(original[r * (n + 3) + j] - top);
                    for (int j = 0; j < n; j++) assertEquals(Math.exp(original[r * (n + 3) + j] - top) / sum, x[r * (n + 3) + j], 1e-6, width + " n " + n);
                    assertEquals(Math.log(sum), logs[r], 1e-6);
                    assertTrue(Float.isNaN(x[r * (n + 3) + n]), "the gap is not touched");
                }
                if (expected == null) expected = x;
                Figures.assertSameBits(expected, x, width + " n " + n);
            }
        }
    }

    /// Where a sweep takes those of the rows beside it along, a row has the bits that it has alone, whatever stands in its neighbours.
    @Test
    void rowsOfASoftmaxKnowNothingOfEachOther() {
        for (int n : SIZES)
            for (int rows : new int[] {0, 1, 2, 3, 5}) {
                float[] x = Figures.random(5, 5 * n);
                if (rows > 1) x[n] = Float.NaN;
                if (rows > 3) x[3 * n + n / 2] = Float.POSITIVE_INFINITY;
                float[] expected = new float[5 * n];
                float[] logsExpected = new float[5];
                for (int r = 0; r < rows; r++) Kernels.run(softmax(), Width.W1, 1, n, x, r * n, n, expected, r * n, n, logsExpected, r, 1, 0, new float[40], 8);
                for (Width width : Width.values()) {
                    String at = "%s, %d rows of %d".formatted(width, rows, n);
                    float[] y = new float[5 * n];
                    float[] logs = new float[5];
                    Kernels.run(softmax(), width, rows, n, x, 0, n, y, 0, n, logs, 0, 1, 0, new float[40], 8);
                    Figures.assertSameBits(expected, y, at);
                    Figures.assertSameBits(logsExpected, logs, at);
                    float[] inPlace = x.clone();
                    Kernels.run(softmax(), width, rows, n, inPlace, 0, n, inPlace, 0, n, logs, 0, 1, 0, new float[40], 8);
                    Figures.assertSameBits(Arrays.copyOf(expected, rows * n), Arrays.copyOf(inPlace, rows * n), at + " in place");
                }
            }
    }

    /// What is below its maximum takes a shorter way to its exponential, on which what would be denormal becomes zero; another term in between, and it takes the long one.
    @Test
    void exponentialsBelowTheMaximumHaveTheBitsOfAllExponentials() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        int below = b.apply(Functions.SUB, x, b.add(new Node.RowReduce(Reduction.MAX, x)));
        b.store(b.apply(Functions.EXP, below), Port.stream(DType.f32));
        b.store(b.apply(Functions.EXP, b.apply(Functions.ADD, below, b.literal(0))), Port.stream(DType.f32));
        int n = 4001;
        float[] xs = new float[2 * n];
        for (int j = 0; j < n; j++) xs[j] = -j * 0.03f;
        for (int j = 0; j < n; j++) xs[n + j] = Float.MIN_VALUE * j - (j == 17 ? Float.MAX_VALUE : j == 18 ? Float.POSITIVE_INFINITY : 0);
        float[] first = null;
        for (Width width : Width.values()) {
            float[] y = new float[2 * n];
            float[] z = new float[2 * n];
            Kernels.run(b.key(), width, 2, n, xs, 0, n, y, 0, n, z, 0, n, 0, new float[16], 0);
            assertTrue(z[3400] > 0 && z[3400] < Float.MIN_NORMAL, "e^-102 is no normal float");
            for (int j = 0; j < z.length; j++) if (z[j] < Float.MIN_NORMAL) z[j] = 0;
            Figures.assertSameBits(z, y, width.toString());
            if (first == null) first = y;
            Figures.assertSameBits(first, y, width.toString());
            assertEquals(1, y[0]);
            assertTrue(y[2911] > 0, "e^-87.33 is a normal float");
            assertEquals(0, y[n - 1]);
        }
    }

    @Test
    void exponentialsBelowAMaximumThatIsNoNumberAreNone() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        b.store(b.apply(Functions.EXP, b.apply(Functions.SUB, x, b.add(new Node.RowReduce(Reduction.MAX, x)))), Port.stream(DType.f32));
        int n = 41;
        float[] xs = new float[4 * n];
        Arrays.fill(xs, 0, n, Float.NEGATIVE_INFINITY);
        xs[2 * n - 1] = Float.POSITIVE_INFINITY;
        xs[2 * n + 7] = Float.intBitsToFloat(0xffc00000);
        xs[3 * n + 8] = Float.NaN;
        for (Width width : Width.values()) {
            float[] y = new float[4 * n];
            Kernels.run(b.key(), width, 4, n, xs, 0, n, y, 0, n, 0, new float[16], 0);
            for (int j = 0; j < 4 * n; j++) assertEquals(j / n != 1 || j == 2 * n - 1, Float.isNaN(y[j]), width + " at " + j);
        }
    }

    @Test
    void maximaAreThoseOfOneElementAfterTheOther() {
        var b = new Builder();
        b.store(b.add(new Node.RowReduce(Reduction.MAX, b.read(Port.stream(DType.f32)))), Port.row(DType.f32));
        for (int n : List.of(1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130, 197)) {
            float[] x = Figures.random(n, ROWS * n);
            Arrays.fill(x, n, 2 * n, -0f);
            x[n + n / 2] = 0f;
            x[3 * n - 1] = Float.NaN;
            x[3 * n] = Float.NEGATIVE_INFINITY;
            for (Width width : Width.values()) {
                float[] y = new float[ROWS];
                Kernels.run(b.key(), width, ROWS, n, x, 0, n, y, 0, 1, 0, new float[16], 0);
                for (int r = 0; r < ROWS; r++) {
                    float top = Float.NEGATIVE_INFINITY;
                    for (int j = 0; j < n; j++) top = Math.max(top, x[r * n + j]);
                    assertEquals(top, y[r], width + " n " + n + " row " + r);
                }
            }
        }
    }

    /// The gates of an LSTM: `tanh(c)` waits for other long functions, so these run a vector ahead of it. What both halves need is read twice or carried, and c lies where it was read.
    @Test
    void whatALongFunctionWaitsForRunsAheadWithTheSameBitsInPlace() {
        var b = new Builder();
        int i = b.apply(Functions.SIGMOID, b.read(Port.stream(DType.f32)));
        int g = b.apply(Functions.TANH, b.read(Port.stream(DType.f32)));
        int old = b.read(Port.stream(DType.f32));
        int c = b.apply(Functions.ADD, b.apply(Functions.MUL, i, g), old);
        b.store(b.apply(Functions.MUL, b.apply(Functions.TANH, c), old), Port.stream(DType.f32));
        b.store(c, Port.stream(DType.f32));
        Ahead ahead = b.key().body().ahead();
        assertEquals(List.of(c), ahead.carried());
        assertTrue(ahead.first().contains(old) && ahead.second().contains(old), ahead.toString());
        for (int n : SIZES) {
            float[] h = null;
            float[] cs = null;
            for (Width width : Width.values()) {
                float[] is = gapped(11, n);
                float[] gs = gapped(12, n);
                float[] next = gapped(13, n);
                float[] before = next.clone();
                float[] y = new float[ROWS * n];
                Kernels.run(b.key(), width, ROWS, n, is, 0, n + 3, gs, 0, n + 3, next, 0, n + 3, y, 0, n, next, 0, n + 3, 0, y, 0);
                for (int r = 0; r < ROWS; r++)
                    for (int j = 0; j < n; j++) {
                        int at = r * (n + 3) + j;
                        double now = Math.tanh(gs[at]) / (1 + Math.exp(-is[at])) + before[at];
                        assertEquals(now, next[at], 1e-6, width + " n " + n);
                        assertEquals(Math.tanh(now) * before[at], y[r * n + j], 1e-6, width + " n " + n);
                    }
                if (h == null) h = y;
                if (cs == null) cs = next;
                Figures.assertSameBits(h, y, width + " n " + n);
                Figures.assertSameBits(cs, next, width + " n " + n);
            }
        }
    }

    /// The statistics and scaling of a layer norm: two reductions in one sweep, a stream that is one vector for all rows, and the results of rows kept.
    @Test
    void layerNormAgreesWithTheFormulaAndAllWidthsAgree() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        int gain = b.read(Port.stream(DType.f32));
        int count = b.read(Port.scalar(DType.f32));
        int mean = b.apply(Functions.DIV, b.add(new Node.RowReduce(Reduction.SUM, x)), count);
        int square = b.apply(Functions.DIV, b.add(new Node.RowReduce(Reduction.SUM, b.apply(Functions.MUL, x, x))), count);
        int variance = b.apply(Functions.SUB, square, b.apply(Functions.MUL, mean, mean));
        int scale = b.apply(Functions.RSQRT, b.apply(Functions.ADD, variance, b.literal(1e-5)));
        b.store(b.apply(Functions.MUL, b.apply(Functions.MUL, b.apply(Functions.SUB, x, mean), scale), gain), Port.stream(DType.f32));
        b.store(mean, Port.row(DType.f32));
        for (int n : SIZES) {
            float[] first = null;
            for (Width width : Width.values()) {
                float[] input = gapped(5, n);
                float[] gains = Figures.random(6, n);
                float[] y = new float[ROWS * n];
                float[] means = new float[2 * ROWS];
                Kernels.run(b.key(), width, ROWS, n, input, 0, n + 3, gains, 0, 0, new float[] {n}, 0, y, 0, n, means, 1, 2, 0, new float[32], 0);
                for (int r = 0; r < ROWS; r++) {
                    float[] row = Arrays.copyOfRange(input, r * (n + 3), r * (n + 3) + n);
                    double m = 0;
                    double v = 0;
                    for (float f : row) m += (double) f / n;
                    for (float f : row) v += (f - m) * (f - m) / n;
                    assertEquals(m, means[1 + 2 * r], 1e-5);
                    if (n > 2)
                        for (int j = 0; j < n; j++) assertEquals((row[j] - m) / Math.sqrt(v + 1e-5) * gains[j], y[r * n + j], 2e-4, width + " n " + n);
                }
                if (first == null) first = y;
                Figures.assertSameBits(first, y, width + " n " + n);
            }
        }
    }

    @Test
    void columnReductionsRunOverRowsInOrderAndMayGoOn() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        int weight = b.read(Port.row(DType.f32));
        int product = b.apply(Functions.MUL, x, weight);
        b.store(b.add(new Node.ColumnReduce(Reduction.SUM, product)), Port.stream(DType.f32));
        b.store(b.add(new Node.ColumnReduce(Reduction.MAX, x)), Port.stream(DType.f32));
        b.store(product, Port.stream(DType.f32));
        b.store(weight, Port.row(DType.f32));
        for (int n : SIZES)
            for (Width width : Width.values()) {
                float[] input = gapped(7, n);
                float[] weights = Figures.random(8, ROWS);
                float[] sums = new float[n];
                float[] tops = new float[n];
                float[] products = new float[ROWS * n];
                float[] copies = new float[ROWS];
                Kernels.run(b.key(), width, 2, n, input, 0, n + 3, weights, 0, 1, sums, 0, 99, tops, 0, 99, products, 0, n, copies, 0, 1, 0, input, 0);
                Kernels.run(b.key(), width, 3, n, input, 2 * (n + 3), n + 3, weights, 2, 1, sums, 0, 99, tops, 0, 99, products, 2 * n, n, copies, 2, 1, 1, input, 0);
                for (int j = 0; j < n; j++) {
                    float sum = 0;
                    float top = Float.NEGATIVE_INFINITY;
                    for (int r = 0; r < ROWS; r++) {
                        float value = input[r * (n + 3) + j] * weights[r];
                        assertEquals(value, products[r * n + j]);
                        sum += value;
                        top = Math.max(top, input[r * (n + 3) + j]);
                    }
                    assertEquals(sum, sums[j], width + " n " + n);
                    assertEquals(top, tops[j]);
                }
                assertEquals(weights[4], copies[4]);
            }
    }

    /// Rows as one-hot vectors against labels: an index compared with an integer that is constant along the row.
    @Test
    void indicesAreComparedWithIntegersOfTheRow() {
        var b = new Builder();
        int label = b.read(Port.row(DType.i32));
        int column = b.read(Port.index());
        int hit = b.apply(Functions.EQUAL, column, label);
        b.store(b.add(new Node.Cast(hit, DType.f32)), Port.stream(DType.f32));
        b.store(hit, Port.stream(DType.bool));
        b.store(b.add(new Node.Cast(column, DType.f32)), Port.stream(DType.f32));
        for (Width width : Width.values()) {
            int n = 19;
            float[] labels = new float[ROWS];
            for (int r = 0; r < ROWS; r++) labels[r] = Float.intBitsToFloat(4 * r);
            float[] y = new float[ROWS * n];
            float[] z = new float[ROWS * n];
            float[] columns = new float[ROWS * n];
            Kernels.run(b.key(), width, ROWS, n, labels, 0, 1, 0, 0, 1, y, 0, n, z, 0, n, columns, 0, n, 0, y, 0);
            for (int r = 0; r < ROWS; r++)
                for (int j = 0; j < n; j++) {
                    assertEquals(j == 4 * r ? 1f : 0f, y[r * n + j], "at " + width);
                    assertEquals(j == 4 * r ? 1f : 0f, z[r * n + j], "at " + width);
                    assertEquals(j, columns[r * n + j], "at " + width);
                }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7FC00000, 0xFFC00000})
    void reductionsAndBoundsLetNaNThrough(int nan) {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        b.store(b.add(new Node.RowReduce(Reduction.MAX, x)), Port.row(DType.f32));
        b.store(b.add(new Node.RowReduce(Reduction.SUM, x)), Port.row(DType.f32));
        b.store(b.apply(Functions.MAX, x, b.literal(0)), Port.stream(DType.f32));
        b.store(b.apply(Functions.MIN, b.literal(6), x), Port.stream(DType.f32));
        for (Width width : Width.values())
            for (int at : List.of(0, 16, 20)) {
                float[] input = Figures.random(9, 21);
                input[at] = Float.intBitsToFloat(nan);
                float[] top = new float[1];
                float[] sum = new float[1];
                float[] relu = new float[21];
                float[] capped = new float[21];
                Kernels.run(b.key(), width, 1, 21, input, 0, 0, top, 0, 0, sum, 0, 0, relu, 0, 0, capped, 0, 0, 0, new float[32], 0);
                assertTrue(Float.isNaN(top[0]) && Float.isNaN(sum[0]) && Float.isNaN(relu[at]) && Float.isNaN(capped[at]), at + " at " + width);
                for (int j = 0; j < 21; j++) if (j != at) assertEquals(input[j] < 0 ? 0 : input[j], relu[j]);
            }
    }

    @Test
    void aBodyBeyondTheLimitsIsRefusedByName() {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        for (int i = 0; i < 12; i++) x = b.apply(Functions.EXP, x);
        b.store(x, Port.stream(DType.f32));
        RowsKey key = b.key();
        assertTrue(!key.body().cost().fits());
        String message = assertThrows(LimitException.class, () -> KernelEmitter.emit(key, Width.W512, "test")).getMessage();
        assertTrue(message.startsWith(key.className() + ".run has ") && message.endsWith("are allowed"), message);
    }

    /// Where the estimate allows a body, the emitter does too, at every width: a function of itself as often as fits.
    @Test
    void whatTheEstimateAllowsIsEmitted() {
        for (Fn fn : Functions.ALL) {
            RowsKey last = chain(fn, 1);
            for (RowsKey next = last; next.body().cost().fits() && next.body().nodes().size() < 40; next = chain(fn, next.body().nodes().size())) last = next;
            for (Width width : Width.values()) KernelEmitter.emit(last, width, "test");
        }
    }

    /// The same of a function beside as many values as fit, all of which, its operand too, are held until they go out.
    @Test
    void aFunctionBesideFullRegistersIsEmitted() {
        for (Fn fn : Functions.ALL) {
            RowsKey last = beside(fn, 0);
            for (int held = 1; beside(fn, held).body().cost().fits(); held++) last = beside(fn, held);
            for (Width width : Width.values()) KernelEmitter.emit(last, width, "test");
        }
    }

    private static RowsKey beside(Fn fn, int held) {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        List<Integer> values = IntStream.range(0, held).mapToObj(_ -> b.read(Port.stream(DType.f32))).toList();
        int y = switch (fn.arity()) {
            case 1 -> b.apply(fn, x);
            case 2 -> asReal(b, b.apply(fn, x, x));
            default -> b.apply(fn, b.apply(Functions.LESS, x, x), x, x);
        };
        values.forEach(v -> b.store(v, Port.stream(DType.f32)));
        b.store(x, Port.stream(DType.f32));
        b.store(y, Port.stream(DType.f32));
        return b.key();
    }

    private static RowsKey chain(Fn fn, int length) {
        var b = new Builder();
        int x = b.read(Port.stream(DType.f32));
        while (b.nodes.size() <= length) {
            x = switch (fn.arity()) {
                case 1 -> b.apply(fn, x);
                case 2 -> asReal(b, b.apply(fn, x, 0));
                default -> b.apply(fn, b.apply(Functions.LESS, x, 0), x, 0);
            };
        }
        b.store(x, Port.stream(DType.f32));
        return b.key();
    }

    /// A body grows until the estimate no longer allows it; what it was before fits at every width.
    @ParameterizedTest
    @EnumSource(RandomBody.Kind.class)
    void randomBodiesThatTheEstimateAllowsAreEmitted(RandomBody.Kind kind) {
        for (long seed = 0; seed < Integer.getInteger("kiln.bodies", 25); seed++) {
            var key = new RowsKey(RandomBody.largest(kind, seed));
            for (Width width : Width.values()) KernelEmitter.emit(key, width, "test");
        }
    }

    private static int asReal(Builder b, int node) {
        boolean comparison = List.of("less", "lessEqual", "equal").contains(((Node.Apply) b.nodes.get(node)).fn().name());
        return comparison ? b.add(new Node.Cast(node, DType.f32)) : node;
    }
}
