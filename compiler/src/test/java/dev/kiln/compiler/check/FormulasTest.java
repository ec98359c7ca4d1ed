package dev.kiln.compiler.check;

import static dev.kiln.compiler.check.Elaborated.codes;
import static dev.kiln.compiler.check.Elaborated.operators;
import static dev.kiln.compiler.check.Elaborated.program;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.reference.Interpreter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What index notation becomes.
class FormulasTest {
    @Test
    void aSumOfTwoReadsIsOneContraction() {
        assertEquals(List.of("contract"), operators("in a: f32[N, 3] in b: f32[3, 5]", "y[n, j] = sum(a[n, k] * b[k, j] over k) out y"));
        assertEquals(List.of("contract"), operators("in x: f32[N, 2, H] in k: f32[4, 2, 3]", "y[n, f, i < H] = sum(x[n, c, i + u - 1 else 0] * k[f, c, u] over c, u) out y"));
        assertEquals(List.of("contract"), operators("in x: f32[N, 9] in k: f32[3]", "y[n, i < 4] = sum(x[n, 2 * i + u] * k[u] over u) out y"));
    }

    @Test
    void threeFactorsAreTwoContractions() {
        assertEquals(List.of("contract", "contract"), operators("in a: f32[N, 3] in b: f32[3, 5] in c: f32[5, 2]", "y[n, m] = sum(a[n, k] * b[k, j] * c[j, m] over k, j) out y"));
    }

    @Test
    void aFactorOfTheResultsAxesStaysOutside() {
        assertEquals(List.of("contract", "broadcast", "mul"), operators("in a: f32[N, 3] in b: f32[3, 5] in g: f32[5]", "y[n, j] = sum(g[j] * a[n, k] * b[k, j] over k) out y"));
    }

    @Test
    void aPlainAxisIsASum() {
        assertEquals(List.of("sum"), operators("in x: f32[N, 3, H]", "y[n, h] = sum(x[n, c, h] over c) out y"));
        assertEquals(List.of("max"), operators("in x: f32[N, 3, H]", "y[n, h] = max(x[n, c, h] over c) out y"));
        assertEquals(List.of("var"), operators("in x: f32[N, 3, H]", "y[c] = var(x[n, c, h] over n, h) out y"));
    }

    @Test
    void slidingMaximaAreWindows() {
        assertEquals(List.of("window_max"), operators("in x: f32[N, 2, 8]", "y[n, c, i < 4] = max(x[n, c, 2 * i + u] over u < 2) out y"));
        assertEquals(List.of("window_max"), operators("in x: f32[N, 2, H]", "y[n, c, i < H] = max(x[n, c, i + u - 1 else -inf] over u < 3) out y"));
    }

    @Test
    void shiftsInsideAreSlices() {
        assertEquals(List.of("slice", "slice", "sub"), operators("in x: f32[N, 8]", "y[n, i < 7] = x[n, i + 1] - x[n, i] out y"));
        assertEquals(List.of("contract"), operators("in x: f32[N, 8]", "y[n, i < 8] = x[n, i - 1 else 0] out y"));
    }

    @Test
    void placesMayBeCountedFromASymbolicEnd() {
        assertEquals(List.of(3.0, 2.0, 1.0), counted("y[n, t < T] = x[n, T - 1 - t]"));
        assertEquals(List.of(3.0, 1.0), counted("y[n, t < 2] = x[n, T - 1 - 2 * t]"));
        assertEquals(List.of(2.0, 3.0), counted("y[n, t < 2] = x[n, t + T - 2]"));
        assertEquals(List.of(3.0, 6.0, 9.0), counted("y[n, t] = x[n, t] * x[n, T - 1]"));
        assertEquals(List.of(10.0), counted("y[n] = sum(x[n, t] * x[n, T - 1 - t] over t)"));
        assertEquals(List.of(3.0, 2.0, 1.0), counted("y[n, t] = x[n, t] - x[n, t] + f32(T - t)"));
        assertEquals(List.of(), codes("network Net() { in x: f32[N, T] y[n, t < T] = x[n, T - 1 - t else 0] out y }"));
        assertEquals(List.of("SymbolicOffset"), codes("network Net() { in x: f32[N, T] y[n, t < T] = x[n, T - 2 - t else 0] out y }"));
        assertEquals(List.of("IndexOutside"), codes("network Net() { in x: f32[N, T] y[n, t < T] = x[n, T - t] out y }"));
    }

    @Test
    void placesAndWholeNumbersMultiplyRealOnes() {
        assertEquals(List.of(0.0, 2.0, 6.0), counted("y[n, t] = x[n, t] * t"));
        assertEquals(List.of(0.0, 1.5, 3.0), counted("y[n, t < T] = t * x[n, 0] * (3 / 2)"));
        assertEquals(List.of(0.0, 3.0, 6.0), counted("y[n, t < T] = x[n, 0] * t * (T / 1)"));
        assertEquals(List.of(8.0), counted("y[n] = sum(x[n, t] * t over t)"));
        assertEquals(List.of("WrongElementType"), codes("network Net() { in x: f32[N, T] in b: bool[N, T] y[n, t] = x[n, t] * b[n, t] out y }"));
    }

    /// `x` is 1, 2, 3.
    private static List<Double> counted(String formula) {
        var net = program("network Net() { in x: f32[N, T] " + formula + " out y }").entry("predict").orElseThrow();
        Array y = Interpreter.run(net, Map.of("x", new Array(new int[] {1, 3}, new double[] {1, 2, 3})), Map.of(), 1, 1).outputs().get("y");
        return Arrays.stream(y.data()).boxed().toList();
    }

    @Test
    void axesMayChangePlaces() {
        assertEquals(List.of("permute"), operators("in x: f32[N, 3, H]", "y[h, n, c] = x[n, c, h] out y"));
        assertEquals(List.of("broadcast", "mul"), operators("in x: f32[N, 3] in g: f32[3]", "y[n, c] = x[n, c] * g[c] out y"));
    }

    @Test
    void rowVariablesStandForAnyNumberOfAxes() {
        String fn = "fn total(x: f32[N.., C]) -> f32[N..] { y[n..] = sum(x[n.., c] over c) return y } ";
        for (String shape : List.of("3", "N, 3", "N, 2, H, 3")) {
            var y = program(fn + "network Net() { in x: f32[" + shape + "] out y = total(x) }").entry("predict").orElseThrow().output("y").orElseThrow();
            assertEquals("f32" + (shape.equals("3") ? "" : "[" + shape.substring(0, shape.length() - 3) + "]"), y.value().type().toString());
        }
    }

    @Test
    void anyFunctionOfATensorTakesPackedAxes() {
        String fn = "fn first(x: f32[N.., C]) -> f32[N.., C] { y[n.., c] = x[n.., c] / sum(x[n.., k] over k) return y } ";
        var net = program(fn + "network Net() { in x: f32[N, 3, 2] y[n, i, j] = first(x[n, i, j] over i) out y }").entry("predict").orElseThrow();
        Array x = new Array(new int[] {1, 3, 2}, new double[] {1, 2, 3, 4, 4, 2});
        Array y = Interpreter.run(net, Map.of("x", x), Map.of(), 1, 1).outputs().get("y");
        assertEquals(List.of(0.125, 0.25, 0.375, 0.5, 0.5, 0.25), Arrays.stream(y.data()).boxed().toList());
    }

    /// What an operator calls itself is a function of the language along the last axis.
    @Test
    void anOperatorThatIsAFunctionTakesPackedAxes() {
        var net = program("network Net() { in x: f32[N, 3, 2] y[n, t, c] = cumsum(x[n, t, c] over t) out y }").entry("predict").orElseThrow();
        Array x = new Array(new int[] {1, 3, 2}, new double[] {1, 2, 3, 4, 4, 2});
        Array y = Interpreter.run(net, Map.of("x", x), Map.of(), 1, 1).outputs().get("y");
        assertEquals(List.of(1.0, 2.0, 4.0, 6.0, 8.0, 8.0), Arrays.stream(y.data()).boxed().toList());
        assertEquals(List.of("RequireFailed"), codes("network Net() { in x: i32[N, 3] out y = cumsum(x) }"));
        assertEquals(List.of("RequireFailed"), codes("network Net() { in x: f32[N, 3] out y = cumsum(sum(x)) }"));
    }

    @Test
    void anIndexThatIsDataGathersRows() {
        assertEquals(List.of("gather"), operators("in id: i32[N, T] in table: f32[7, 3]", "y[n, t, e] = table[id[n, t], e] out y"));
        assertEquals(List.of("broadcast", "broadcast", "equal", "broadcast", "select", "sum"), operators("in p: f32[N, 5] in id: i32[N]", "y[n] = p[n, id[n]] out y"));
    }

    @Test
    void truthValuesAreComparedAndTurned() {
        var net = program("network Net() { in x: f32[N] y = f32(not (x > 1)) + 2 * f32(x != 1) out y }").entry("predict").orElseThrow();
        Array y = Interpreter.run(net, Map.of("x", new Array(new int[] {3}, new double[] {0, 1, 2})), Map.of(), 1, 1).outputs().get("y");
        assertEquals(List.of(3.0, 1.0, 2.0), Arrays.stream(y.data()).boxed().toList());
    }

    @Test
    void tensorsComeFromNothing() {
        var net = program("network Net() { in x: f32[N] g[i < 3, j < 2] = 10 * i + j out y = x out g }").entry("predict").orElseThrow();
        Array g = Interpreter.run(net, Map.of("x", Array.zeros(1)), Map.of(), 1, 1).outputs().get("g");
        assertEquals(List.of(0.0, 1.0, 10.0, 11.0, 20.0, 21.0), Arrays.stream(g.data()).boxed().toList());
    }

    @Test
    void indicesMustAgree() {
        assertEquals(List.of("IndexMismatch"), codes("network Net() { in a: f32[N, 3] in b: f32[4] y[n] = sum(a[n, k] * b[k] over k) out y }"));
        assertEquals(List.of("HiddenName"), codes("network Net() { in a: f32[N, 3] y[n, k] = sum(a[n, k] over k) out y }"));
        assertEquals(List.of("UnknownExtent"), codes("network Net() { in a: f32[N, 3] y[n, i] = 2 * a[n, 1] out y }"));
    }

    @Test
    void whatLiesOutsideMayBeAnyNumber() {
        assertEquals(List.of(7.0, 1.0, 2.0), counted("y[n, t < T] = x[n, t - 1 else 7]"));
        assertEquals(List.of(2.0, 3.0, -1.0), counted("y[n, t < T] = x[n, t + 1 else -1]"));
        assertEquals(List.of(9.0, 6.0, 11.0), counted("y[n, t < T] = sum(x[n, t + u - 1 else 6] over u < 3)"));
        assertEquals(List.of(6.0, 6.0, 6.0), counted("y[n, t < T] = x[n, t + 5 else 6]"));
    }

    @Test
    void placesMayComeFromSeveralTensors() {
        assertEquals(List.of(2.0, 1.0, 3.0), counted("at = i32([1, 0, 2])  row = i32([0, 0, 0])  y[n, t] = x[row[t], at[t]] + 0 * x[n, 0]"));
        assertEquals(List.of("WrongElementType"), codes("network Net() { in x: f32[N, 3] in r: i32[N] in c: f32[N] y[n] = x[r[n], c[n]] out y }"));
    }

    /// `enc.hidden.W` ties the weight of a layer inside a layer; `h.dense_1.W` one that a chain made.
    @Test
    void aNumberWithAPointIsReal() {
        assertEquals(List.of(), codes("fn even() -> f32[3] { y[i < 3] = 2.0 * (i + 1)  return y } network Net() { in x: f32[3] out y = x * even() }"));
        assertEquals(List.of("WrongElementType"), codes("fn even() -> f32[3] { y[i < 3] = 2 * (i + 1)  return y } network Net() { in x: f32[3] out y = x * even() }"));
        assertEquals(List.of("WrongElementType"), codes("network Net() { in x: f32[8] y[i < 3] = x[2.0 * i] out y }"));
    }

    @Test
    void weightsInsideLayersAreRead() {
        String layers = """
                layer Dense(units: int)(x: f32[N, C]) -> f32[N, units] { param W: f32[C, units] init 1 return x @ W }
                layer Enc(units: int)(x: f32[N, C]) -> f32[N, units] { hidden = Dense(units) return x |> hidden |> Dense(units) }
                """;
        assertEquals(List.of(), codes(layers + "network Net() { in x: f32[N, 3] enc = Enc(4) h = enc(x) out y = h @ transpose(enc.hidden.W) out z = enc.dense_1.W g = x |> Enc(2) |> Dense(5) out w = g.enc_1.hidden.W out v = g.dense_1.W }"));
        assertEquals(List.of("UnknownMember"), codes(layers + "network Net() { in x: f32[N, 3] enc = Enc(4) h = enc(x) out y = enc.hiden.W out h }"));
        assertEquals(List.of("UnknownMember"), codes(layers + "network Net() { in x: f32[N, 3] enc = Enc(4) h = enc(x) out y = enc.hidden.V out h }"));
    }

    @Test
    void aDimMayBeCalledAsANetwork() {
        assertEquals(List.of(), codes("network T() { in x: f32[N, T] out y = 2 * x }"));
    }
}
