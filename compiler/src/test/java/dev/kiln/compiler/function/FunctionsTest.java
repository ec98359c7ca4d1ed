package dev.kiln.compiler.function;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.type.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FunctionsTest {
    private static final double STEP = 1e-5;

    static Stream<Fn> functions() {
        return Functions.ALL.stream();
    }

    private static double[] sample(Fn fn, Random random) {
        return fn.domain().stream().mapToDouble(d -> fn.equals(Functions.SELECT) && d.high() == 1 ? random.nextInt(2) : d.low() + (d.high() - d.low()) * random.nextDouble()).toArray();
    }

    @ParameterizedTest
    @MethodSource("functions")
    void derivativesAgreeWithDifferencesAwayFromKinks(Fn fn) {
        var random = new Random(1);
        for (int n = 0; n < 500; n++) {
            double[] x = sample(fn, random);
            if (fn.kink().isPresent() && fn.kink().get().margin(x) < 10 * STEP) continue;
            double y = fn.apply(x);
            for (int i = 0; i < fn.arity(); i++) {
                if (fn.equals(Functions.SELECT) && i == 0) continue;
                double[] up = x.clone();
                double[] down = x.clone();
                up[i] += STEP;
                down[i] -= STEP;
                double difference = (fn.apply(up) - fn.apply(down)) / (2 * STEP);
                double slope = fn.derivative(i).map(f -> f.evaluate(x, y, 1)).orElse(0.0);
                assertEquals(difference, slope, 1e-4 * Math.max(1, Math.abs(slope)) + 1e-9 * Math.abs(y) / STEP, fn + " by operand " + i + " at " + List.of(x[0], y));
                assertEquals(3 * slope, fn.cotangent(i).map(f -> f.evaluate(x, y, 3)).orElse(0.0), 1e-9 * Math.max(1, Math.abs(slope)));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("functions")
    void lawsHold(Fn fn) {
        var random = new Random(2);
        for (Fn.Law law : fn.laws())
            for (int n = 0; n < 200; n++) {
                double[] x = sample(fn, random);
                double left = law.left().get().evaluate(x, 0, 0);
                assertEquals(left, law.right().get().evaluate(x, 0, 0), 1e-9 * Math.max(1e-3, Math.abs(left)), fn + ": " + law.name());
            }
    }

    @Test
    void aTieGivesTheGradientToTheSecondOperand() {
        for (Fn fn : List.of(Functions.MAX, Functions.MIN)) {
            assertEquals(0, fn.derivative(0).orElseThrow().evaluate(new double[] {0, 0}, 0, 1));
            assertEquals(1, fn.derivative(1).orElseThrow().evaluate(new double[] {0, 0}, 0, 1));
        }
        assertEquals(0, Functions.ABS.derivative(0).orElseThrow().evaluate(new double[] {0}, 0, 1));
    }

    @Test
    void anInfiniteCotangentDoesNotMeetTheZeroOfTheOtherBranch() {
        assertEquals(0, Functions.MAX.cotangent(0).orElseThrow().evaluate(new double[] {-1, 0}, 0, Double.POSITIVE_INFINITY));
    }

    @Test
    void namesAreUniqueAndFound() {
        assertEquals(Functions.ALL.size(), Functions.ALL.stream().map(Fn::name).distinct().count());
        for (Fn fn : Functions.ALL) assertEquals(fn, Functions.named(fn.name()).orElseThrow());
        assertTrue(Functions.named("relu").isEmpty());
    }

    @Test
    void elementTypesFollowTheRule() {
        assertEquals(DType.i32, Functions.ADD.result(List.of(DType.i32, DType.i32)));
        assertEquals(DType.bool, Functions.LESS.result(List.of(DType.i32, DType.i32)));
        assertEquals(DType.bool, Functions.MIN.result(List.of(DType.bool, DType.bool)));
        assertEquals(DType.i32, Functions.SELECT.result(List.of(DType.bool, DType.i32, DType.i32)));
        assertThrows(IllegalArgumentException.class, () -> Functions.ADD.result(List.of(DType.f32, DType.i32)));
        assertThrows(IllegalArgumentException.class, () -> Functions.EXP.result(List.of(DType.i32)));
        assertThrows(IllegalArgumentException.class, () -> Functions.SELECT.result(List.of(DType.f32, DType.f32, DType.f32)));
    }

    /// A function that takes truth values and gives one has the meanings 0 and 1 only.
    @ParameterizedTest
    @MethodSource("functions")
    void ofTruthValuesComeTruthValues(Fn fn) {
        if (!fn.typing().taken().contains(DType.bool)) return;
        for (int bits = 0; bits < 1 << fn.arity(); bits++) {
            var x = new double[fn.arity()];
            for (int i = 0; i < x.length; i++) x[i] = bits >> i & 1;
            double y = fn.apply(x);
            assertTrue(y == 0 || y == 1, () -> fn + " of " + Arrays.toString(x) + " is " + y);
        }
    }

    @Test
    void theErrorFunctionIsThatOfTheTables() {
        // Abramowitz and Stegun, table 7.1
        assertEquals(0.5204998778, Functions.ERF.apply(0.5), 1e-10);
        assertEquals(0.8427007929, Functions.ERF.apply(1), 1e-10);
        assertEquals(0.9953222650, Functions.ERF.apply(2), 1e-10);
        assertEquals(0.9999779095, Functions.ERF.apply(3), 1e-10);
    }
}
