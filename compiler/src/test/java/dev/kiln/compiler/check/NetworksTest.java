package dev.kiln.compiler.check;

import static dev.kiln.compiler.check.Elaborated.codes;
import static dev.kiln.compiler.check.Elaborated.problems;
import static dev.kiln.compiler.check.Elaborated.program;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.op.WithGradient;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Names, paths, modes and what is reported.
class NetworksTest {
    private static final String LAYERS = """
            layer Wide(units: int)(x: f32[N.., C]) -> f32[N.., units] {
              require units > 0 : "Wide needs at least one unit, got {units}"
              param W: f32[C, units] init 0
              return x @ W
            }
            layer Two(units: int)(x: f32[N.., C]) -> f32[N.., units] {
              inner = Wide(units)
              return x |> inner |> inner |> Wide(units)
            }
            """;

    private static List<String> paths(String body) {
        return program(LAYERS + "network Net() { in x: f32[N, 3] " + body + " }").parameters().all().stream().map(Parameter::name).toList();
    }

    @Test
    void parametersAreNamedAfterTheirPlace() {
        assertEquals(List.of("y.wide_1.W", "y.wide_2.W"), paths("out y = x |> Wide(4) |> Wide(2)"));
        assertEquals(List.of("enc.W"), paths("enc = Wide(3) out y = x |> enc |> enc"));
        assertEquals(List.of("first.W", "y.wide_1.W"), paths("out y = x |> Wide(4) as first |> Wide(2)"));
        assertEquals(List.of("two.inner.W", "two.wide_1.W"), paths("two = Two(3) out y = two(two(x))"));
        assertEquals(List.of("h.wide_1.W", "h.wide_2.W", "h.wide_3.W"), paths("h = x for u in [4, 5, 6] { h' = h |> Wide(u) } out h"));
        assertEquals(List.of("h.wide_1.W", "h.wide_2.W"), paths("h = x for i < 2 { h' = h |> Wide(2 + i) } out h"));
        assertEquals(List.of("a.W", "b.W"), paths("a = Wide(3) b = fresh a out y = x |> a |> b"));
    }

    @Test
    void aWeightReadElsewhereIsTied() {
        assertEquals(List.of("enc.W"), paths("enc = Wide(5) h = enc(x) out y = h @ transpose(enc.W)"));
    }

    @Test
    void settingsPickCodeAndDimsAreComputed() {
        var net = program("""
                network Net(double: bool = true, size: int = 3) {
                  in x: f32[N, H]
                  y = if double { 2 * x } else { x }
                  out y
                  out z = fill(1, N, floor((H + 2 * size) / 2) + 1)
                }
                """);
        assertEquals(List.of("mul"), Elaborated.operators("in x: f32[N, 3]", "y = if 2 < 3 { 2 * x } else { exp(x) } out y").stream().filter(o -> !o.equals("broadcast")).toList());
        assertEquals("f32[N, floor(H / 2) + 4]", net.entry("predict").orElseThrow().output("z").orElseThrow().value().type().toString());
        assertEquals(List.of("N", "H"), net.dims());
    }

    @Test
    void whatIsOpenIsCheckedAtTheDoor() {
        var net = program("""
                fn halves(x: f32[N, T]) -> f32[N, T] {
                  require T % 2 == 0 : "halves needs an even length, got {T}"
                  require T >= 4 : "halves needs at least four steps"
                  return x
                }
                network Net() { in x: f32[N, T]  out y = halves(x) }
                """);
        assertEquals(List.of("T - 2*floor(T / 2) == 0", "T >= 4"), net.checks().stream().map(DoorCheck::toString).toList());
        assertEquals("halves needs an even length, got T", net.checks().getFirst().message());
    }

    /// What an optimizer remembers of a weight's axes otherwise is not of its rows, even where it is as long as they are many.
    @Test
    void rowsRestWithTheirOwnMemoryAlone() {
        var net = program("""
                optimizer Count()(w: f32[K, J], g: f32[K, J]) {
                  state rows: f32[K] = 0
                  state pairs: f32[K, K] = 0
                  rows' = rows + 1
                  pairs' = pairs + 1
                  w' = w - g
                }
                network Net() { in i: i32[N]  param t: f32[3, 2] init 1 sparse  y[n, e] = t[i[n], e]  out y }
                train Net { loss sum(y)  optimizer Count }
                """);
        var train = Differentiate.of(net.entry("train").orElseThrow());
        var t = new Array(new int[] {3, 2}, new double[] {1, 1, 1, 1, 1, 1});
        var after = Interpreter.run(train, Map.of("i", new Array(new int[] {1}, new double[] {1}), "step", Array.scalar(1)),
                Map.of("t", t, "optimizer.rows.t", Array.zeros(3), "optimizer.pairs.t", Array.zeros(3, 3)), 1, 1).updates();
        assertArrayEquals(new double[] {1, 1, 0, 0, 1, 1}, after.get("t").data());
        assertArrayEquals(new double[] {0, 1, 0}, after.get("optimizer.rows.t").data());
        assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, after.get("optimizer.pairs.t").data());
    }

    /// Also of no rows at all.
    @Test
    void placesThatMayNotExistAreCheckedAtTheDoor() {
        var net = program("network Net() { in x: f32[N, T]  out first = x[0, 0..2]  out inner = x[0..N - 1, 0..T - 3]  out any = x[3, 0..T - 1 else 0] }");
        assertEquals(List.of("N - 1 >= 0", "T - 1 >= 2", "T - 2 >= 0"), net.checks().stream().map(DoorCheck::toString).toList());
    }

    /// Twice the true derivative, so that it shows which one is used; inside it a derivative of its own.
    @Test
    void aDerivativeWrittenByHandTakesThePlaceOfTheDerivedOne() {
        var net = program("""
                fn twice(x: f32[S..]) -> f32[S..] = 2 * x gradient(dy) { return 40 * dy }
                fn parted(x: f32[N, C], scale: f32[C]) -> f32[N, C], f32[N, C] {
                  y = twice(x) * scale
                  return y, x
                } gradient(dy, dz) {
                  g[c] = sum(dy[n, c] * x[n, c] over n)
                  return twice(dy * scale) + dz, g
                }
                optimizer Down(lr: float)(w: f32[S..], g: f32[S..]) { w' = w - lr * g }
                network Net() { in x: f32[N, 3]  param w: f32[3] init 1  y, z = parted(x * w, w)  out y  out z }
                train Net { loss sum(y) + 10 * sum(z)  optimizer Down(1) }
                """);
        var train = Differentiate.of(net.entry("train").orElseThrow());
        var after = Interpreter.run(train, Map.of("x", new Array(new int[] {2, 3}, new double[] {1, 2, 3, 4, 5, 6}), "step", Array.scalar(1)), Map.of("w", new Array(new int[] {3}, new double[] {1, 1, 1})), 1, 1);
        // y = 2 x w²; declared: dL/d(xw) = 2 dy w + 10, dL/dw = Σ x (2 + 10) + Σ dy x w
        assertArrayEquals(new double[] {1 - 5 * 13, 1 - 7 * 13, 1 - 9 * 13}, after.updates().get("w").data(), 1e-9);
        assertTrue(train.live().stream().noneMatch(v -> v.op() instanceof WithGradient));
    }

    @Test
    void aDerivativeWrittenByHandFitsItsFunction() {
        String net = "network Net() { in x: f32[N, 3]  out y = f(x) }";
        assertEquals(List.of("ResultCount"), codes("fn f(x: f32[N, C]) -> f32[N, C] = x gradient(dy, dz) { return dy } " + net));
        assertEquals(List.of("ResultCount"), codes("fn f(x: f32[N, C]) -> f32[N, C] = x gradient(dy) { return dy, dy } " + net));
        assertEquals(List.of("ShapeMismatch"), codes("fn f(x: f32[N, C]) -> f32[N, C] = x gradient(dy) { g[n] = sum(dy[n, c] over c) return g } " + net));
        assertEquals(List.of(), codes("fn f(x: f32[N, C]) -> f32[N, C] = sign(x) gradient(dy) { return 0 } " + net));
    }

    @Test
    void theModeIsFixedInEachEntry() {
        var net = program("""
                layer Noise()(x: f32[S..]) -> f32[S..] {
                  if sampling { draw e: f32[S..] from bernoulli(0.5) return x * e } else { return x }
                }
                layer Count()(x: f32[N, C]) -> f32[N, C] {
                  state seen: f32[C] = 2
                  if training { seen' = seen + mean(x) }
                  return x
                }
                optimizer Down(lr: schedule)(w: f32[S..], g: f32[S..]) { w' = w - lr * g }
                fn falling(step: f32, first: float) -> f32 = first / step
                network Net() { in x: f32[N, 3]  param w: f32[3] init 1  out y = x * w |> Noise |> Count }
                train Net { loss mean(y)  optimizer Down(falling(first: 0.1)) }
                """);
        assertEquals(List.of(false, true, true, false), net.entries().stream().map(e -> e.live().stream().anyMatch(v -> v.op().spec().name().equals("random"))).toList());
        assertEquals(List.of("y.count_1.seen", "w"), net.entry("train").orElseThrow().outputs(Output.Role.UPDATE).stream().map(Output::name).toList());
        assertEquals(List.of("x", "step"), net.entry("train").orElseThrow().inputs().stream().map(v -> v.op().attributes()).toList());
    }

    @Test
    void allMistakesAreToldAndEachOnce() {
        String text = LAYERS + """
                network Net(width: int = 4) {
                  in x: f32[N, 3]
                  a = x |> Wide(0) |> Wide(5)
                  b = x |> Wid(3)
                  c = b + a
                  d = x |> Wide(width, 2)
                  e = x |> Wide
                  f = x @ x
                  g[n, i] = x[n, i, 0]
                  h = x + fill(1, N, 5)
                  i = reshape(x, N, 4)
                  j = if width { x } else { x }
                  k = c + d + e
                  out y = undefined
                }
                train Other { }
                """;
        assertEquals(List.of("RequireFailed", "UnknownName", "TooManyArguments", "MissingArgument", "ShapeMismatch", "IndexCount", "ShapeMismatch", "ReshapeCount", "ConditionNotBool", "UnknownName", "UnknownNetwork"), codes(text));
    }

    @Test
    void aFailedRequireSaysWhoseNumberItIs() {
        String report = problems("""
                layer Grouped(groups: int = 1)(x: f32[N, C]) -> f32[N, C] {
                  require C % groups == 0 : "groups {groups} must divide {C}"
                  return x
                }
                network Net(width: int = 6) { in x: f32[N, 6]
                  out y = x |> Grouped(groups: 4)
                }
                """).toString();
        assertTrue(report.contains("groups 4 must divide 6") && report.contains("try groups: 1, 2, 3 or 6") && report.contains("test.nn:6:24"), report);
    }

    @Test
    void filesSeeEachOtherByUse(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("blocks.nn"), LAYERS);
        Path main = folder.resolve("main.nn");
        Files.writeString(main, "use ./blocks.{Two} network Net() { in x: f32[N, 3] out y = x |> Two(3) }");
        var problems = new Problems();
        Checked checked = Check.check(Parser.parse(SourceFile.read(main), problems), new Library(Map.of()), problems);
        assertTrue(problems.isEmpty(), problems::toString);
        assertEquals(List.of("y.two_1.inner.W", "y.two_1.wide_1.W"), checked.models().getFirst().program().parameters().all().stream().map(Parameter::name).toList());
    }
}
