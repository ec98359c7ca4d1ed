package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.function.Typing;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.type.DType;
import dev.kiln.runtime.Threefry;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class VectorCodeTest {
    private static final int COUNT = 12_007;
    private static final float[] SPECIAL = {
        0f, -0f, 1f, -1f, 0.5f, -0.5f, Float.NaN, Float.intBitsToFloat(0xFFC00000), Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.MIN_VALUE,
        -Float.MIN_VALUE, Float.MIN_NORMAL, 1e-40f, Float.MAX_VALUE, -Float.MAX_VALUE, 88.72f, 88.73f, -87.5f, -103f, -104f, 1e-30f, 2f, 3f, 8388607.5f, 1e10f
    };

    static Stream<Fn> functions() {
        return Functions.ALL.stream();
    }

    private static RowsKey kernel(Fn fn, DType type) {
        List<DType> types = IntStream.range(0, fn.arity()).mapToObj(i -> fn.typing() == Typing.CHOICE && i == 0 ? DType.bool : type).toList();
        var ports = new ArrayList<Port>();
        types.forEach(t -> ports.add(Port.stream(t)));
        ports.add(Port.stream(fn.result(types)));
        var nodes = new ArrayList<Node>();
        for (int i = 0; i < fn.arity(); i++) nodes.add(new Node.Read(i));
        nodes.add(new Node.Apply(fn, IntStream.range(0, fn.arity()).boxed().toList()));
        return new RowsKey(new RowsBody(ports, nodes, List.of(new Store(fn.arity(), fn.arity()))));
    }

    private static float[] run(RowsKey key, Width width, float[]... operands) {
        int n = operands[0].length;
        float[] y = new float[n];
        var arguments = new ArrayList<Object>(List.of(1, n));
        for (float[] x : operands) arguments.addAll(List.of(x, 0, 0));
        arguments.addAll(List.of(y, 0, 0, 0, y, 0));
        Kernels.run(key, width, arguments.toArray());
        return y;
    }

    private static float[][] samples(Fn fn) {
        var random = new Random(fn.name().hashCode());
        float[][] x = new float[fn.arity()][COUNT];
        for (int i = 0; i < fn.arity(); i++) {
            Fn.Domain domain = fn.domain().get(i);
            boolean condition = fn.typing() == Typing.CHOICE && i == 0;
            for (int k = 0; k < COUNT; k++) {
                double u = random.nextDouble();
                double wide = domain.low() + (domain.high() - domain.low()) * u;
                x[i][k] = condition ? Math.round((float) u) : (float) (k % 4 == 0 && domain.low() <= 0 ? wide * Math.pow(10, -6 * random.nextDouble()) : wide);
            }
        }
        return x;
    }

    @ParameterizedTest
    @MethodSource("functions")
    void compiledCodeIsWithinTheUlpsItPromises(Fn fn) {
        float[][] x = samples(fn);
        for (Width width : Width.values()) {
            float[] y = run(kernel(fn, DType.f32), width, x);
            double worst = 0;
            String at = "";
            for (int k = 0; k < COUNT; k++) {
                int sample = k;
                double[] operands = IntStream.range(0, fn.arity()).mapToDouble(i -> x[i][sample]).toArray();
                if (fn.name().equals("mod") && fn.kink().orElseThrow().margin(operands) < 1e-5 * Math.abs(operands[0])) continue;
                double expected = fn.apply(operands);
                double unit = Math.ulp((float) expected) * (fn.name().equals("mod") ? Math.max(1, Math.abs(operands[0] / operands[1])) : 1);
                double error = Math.abs(y[k] - expected) / unit;
                if (!(error <= worst)) {
                    worst = error;
                    at = Arrays.toString(operands) + " gives " + y[k] + ", not " + expected;
                }
            }
            if (Boolean.getBoolean("ulps")) System.out.printf("%s %s %.2f ulp at %s%n", fn, width, worst, at);
            assertTrue(worst <= fn.ulps(), "%s at %s is off by %.2f ulp: %s".formatted(fn, width, worst, at));
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void allWidthsGiveTheSameBits(Fn fn) {
        float[][] x = fn.arity() == 1 ? new float[][] {bitPatterns()} : pairs(fn);
        float[] expected = run(kernel(fn, DType.f32), Width.W1, x);
        for (Width width : List.of(Width.W512, Width.W256, Width.W128))
            Figures.assertSameBits(expected, run(kernel(fn, DType.f32), width, x), fn + " at " + width);
    }

    /// Floats of every size and kind, and the special ones.
    private static float[] bitPatterns() {
        var random = new Random(5);
        float[] x = new float[COUNT];
        for (int k = 0; k < COUNT; k++) x[k] = k < SPECIAL.length ? SPECIAL[k] : Float.intBitsToFloat(random.nextInt());
        return x;
    }

    /// Every special float with every other, then samples.
    private static float[][] pairs(Fn fn) {
        float[][] x = samples(fn);
        int at = 0;
        int last = fn.arity() - 1;
        for (float a : SPECIAL)
            for (float b : SPECIAL) {
                x[last - 1][at] = a;
                x[last][at++] = b;
            }
        return x;
    }

    static Stream<Fn> functionsOfOneOperand() {
        return functions().filter(fn -> fn.arity() == 1);
    }

    @ParameterizedTest
    @MethodSource("functionsOfOneOperand")
    void specialValuesAreThoseOfTheFormula(Fn fn) {
        float[] y = run(kernel(fn, DType.f32), Width.W512, SPECIAL);
        for (int k = 0; k < SPECIAL.length; k++) {
            float x = SPECIAL[k];
            float expected = (float) fn.apply(x);
            if (Float.isNaN(expected)) assertTrue(Float.isNaN(y[k]), fn + "(" + x + ") = " + y[k]);
            else if (Float.isInfinite(expected)) assertEquals(expected, y[k], fn + "(" + x + ")");
            else assertEquals(expected, y[k], Math.max(1e-37f, 4 * Math.ulp(expected)), fn + "(" + x + ")");
        }
    }

    /// Every exponent, and where the reduction is hardest: the floats nearest to multiples of a quarter turn.
    @Test
    void sineAndCosineHoldForEveryFloat() {
        var random = new Random(7);
        var x = new float[3 * COUNT];
        for (int k = 0; k < COUNT; k++) {
            x[k] = Float.intBitsToFloat(random.nextInt());
            x[COUNT + k] = (float) (random.nextInt(k % 2 == 0 ? 64_000 : 1 << 30) * (Math.PI / 2));
            x[2 * COUNT + k] = (k % 2 == 0 ? 1 : -1) * (1e5f + (k - COUNT / 2) * 0.0078125f);
        }
        for (Fn fn : List.of(Functions.SIN, Functions.COS)) {
            float[] y = run(kernel(fn, DType.f32), Width.W1, x);
            for (int k = 0; k < x.length; k++) {
                double expected = fn.apply(x[k]);
                if (Double.isNaN(expected)) assertTrue(Float.isNaN(y[k]), fn + "(" + x[k] + ") = " + y[k]);
                else assertEquals(expected, y[k], Math.max(Float.MIN_VALUE, fn.ulps() * Math.ulp((float) expected)), fn + "(" + x[k] + ")");
            }
            for (Width width : List.of(Width.W512, Width.W256, Width.W128)) Figures.assertSameBits(y, run(kernel(fn, DType.f32), width, x), fn + " at " + width);
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void noFunctionTakesMoreOperationsThanItsEntrySays(Fn fn) {
        // a rows kernel adds a load for each operand, and for bool operands and results a comparison and a choice
        int around = fn.arity() + 1 + 2;
        GeneratedClass generated = KernelEmitter.emit(kernel(fn, DType.f32), Width.W512, "test").getFirst();
        int operations = Kernels.vectorOperations(generated);
        if (Boolean.getBoolean("ulps")) System.out.println(fn + " takes " + operations + " says " + (fn.operations() + around));
        assertTrue(operations <= fn.operations() + around, fn + " takes " + operations);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void integersAndTruthValuesFollowTheFormula(Fn fn) {
        for (DType type : List.of(DType.i32, DType.bool)) {
            if (!fn.typing().taken().contains(type)) continue;
            var random = new Random(3);
            float[][] x = new float[fn.arity()][101];
            for (int i = 0; i < fn.arity(); i++)
                for (int k = 0; k < 101; k++) {
                    boolean bool = type == DType.bool || (fn.typing() == Typing.CHOICE && i == 0);
                    x[i][k] = bool ? random.nextInt(2) : Float.intBitsToFloat(random.nextInt(7) - 3);
                    // the difference of truth values is `x and not y`, which says 0 - 1 = 0
                    if (type == DType.bool && fn.name().equals("sub") && i == 1 && x[0][k] == 0) x[i][k] = 0;
                }
            for (Width width : Width.values()) {
                float[] y = run(kernel(fn, type), width, x);
                boolean boolResult = type == DType.bool || fn.typing() == Typing.ORDER || fn.typing() == Typing.EQUALITY;
                for (int k = 0; k < 101; k++) {
                    int sample = k;
                    double[] operands = IntStream.range(0, fn.arity())
                            .mapToDouble(i -> type == DType.bool || (fn.typing() == Typing.CHOICE && i == 0) ? x[i][sample] : Float.floatToRawIntBits(x[i][sample]))
                            .toArray();
                    assertEquals(fn.apply(operands) + 0.0, boolResult ? y[k] : Float.floatToRawIntBits(y[k]), fn + " of " + type + " at " + width);
                }
            }
        }
    }

    @Test
    void drawsAreThoseOfTheRuntime() {
        var body = new RowsBody(
                List.of(Port.scalar(DType.i32), Port.scalar(DType.i32), Port.index(), Port.stream(DType.f32)),
                List.of(new Node.Read(0), new Node.Read(1), new Node.Read(2), new Node.Draw(0, 1, 2)),
                List.of(new Store(3, 3)));
        float[] keys = {Float.intBitsToFloat(123456789), Float.intBitsToFloat(-987654321)};
        for (Width width : Width.values()) {
            float[] y = new float[3 * 37];
            Kernels.run(new RowsKey(body), width, 3, 37, keys, 0, keys, 1, 1000, 37, 1, y, 0, 37, 0, y, 0);
            for (int i = 0; i < y.length; i++) assertEquals(Threefry.uniform(123456789, -987654321, 1000 + i), y[i], "at " + width);
        }
    }
}
