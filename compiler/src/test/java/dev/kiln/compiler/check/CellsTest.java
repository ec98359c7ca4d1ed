package dev.kiln.compiler.check;

import static dev.kiln.compiler.check.Elaborated.codes;
import static dev.kiln.compiler.check.Elaborated.program;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Random;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.reference.FirstValues;
import dev.kiln.compiler.reference.Interpreter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Cells, their states, and the loops they become.
class CellsTest {
    private static final String CELLS = """
            cell Sum()(x: f32[N, E]) -> f32[N, E] {
              state s: f32[N, E] = 0
              s' = s + x
              return s'
            }
            cell Decay(rate: float)(x: f32[N, E], keep: f32[N, E] = 1) -> f32[N, E], f32[N, E] {
              state s: f32[N, E] = 0
              param W: f32[E, E] init orthogonal
              s' = rate * s + x * keep
              return s', (s @ W)
            }
            """;

    private static Map<String, Array> run(String body, Array x) {
        Program program = program(CELLS + body);
        return Interpreter.run(program.entry("predict").orElseThrow(), Map.of("x", x), FirstValues.of(program.parameters(), 1), 1, 1).outputs();
    }

    private static Array x(double... values) {
        return new Array(new int[] {1, values.length, 1}, values);
    }

    private static void gives(double[] expected, String body, double... x) {
        assertArrayEquals(expected, run(body, x(x)).get("y").data(), 1e-12, body);
    }

    private static List<Scan> scans(String entry, String text) {
        Entry e = program(CELLS + text).entry(entry).orElseThrow();
        return e.live().stream().map(Value::op).filter(Scan.class::isInstance).map(Scan.class::cast).toList();
    }

    @Test
    void scanGivesEveryOutputAndFoldTheLastState() {
        gives(new double[] {1, 3, 6}, "network Net() { in x: f32[N, T, 1] out y = x |> scan(Sum) }", 1, 2, 3);
        gives(new double[] {6}, "network Net() { in x: f32[N, T, 1] last = x |> fold(Sum) out y = last.s }", 1, 2, 3);
        gives(new double[] {6}, "network Net() { in x: f32[N, T, 1] out y = (x |> fold(Sum())).s }", 1, 2, 3);
        gives(new double[] {1, 3, 6}, "network Net() { in x: f32[N, T, 1] run = scan(Sum) out y = run(x) }", 1, 2, 3);
    }

    @Test
    void statesAreInputsWithADefault() {
        gives(new double[] {11, 13, 16}, "network Net() { in x: f32[N, T, 1] out y = x |> scan(Sum()(s: 10)) }", 1, 2, 3);
        gives(new double[] {7, 9, 12}, "network Net() { in x: f32[N, T, 1] last = x |> fold(Sum) out y = x |> scan(Sum()(s: last.s)) }", 1, 2, 3);
    }

    @Test
    void backwards() {
        gives(new double[] {3, 5, 6}, "network Net() { in x: f32[N, T, 1] out y = x |> reverse |> scan(Sum) }", 1, 2, 3);
        gives(new double[] {6, 5, 3}, "network Net() { in x: f32[N, T, 1] out y = x |> reverse |> scan(Sum) |> reverse }", 1, 2, 3);
        gives(new double[] {3, 2, 1}, "network Net() { in x: f32[N, T, 1] out y = x |> reverse }", 1, 2, 3);
        var loops = scans("predict", "network Net() { in x: f32[N, T, 1] out y = x |> reverse |> scan(Sum) |> reverse }");
        assertTrue(loops.getFirst().reverse(), "the loop runs backwards; nothing is turned round");
    }

    @Test
    void someInputsAreFixedForAllSteps() {
        gives(new double[] {2, 5, 9.5}, "network Net() { in x: f32[N, T, 1] y, z = x |> scan(Decay(0.5)(keep: 2)) out y out z }", 1, 2, 3.5);
        var loops = scans("predict", "network Net() { in x: f32[N, T, 2] in k: f32[N, 2] y, z = x |> scan(Decay(0.5)(keep: sin(k))) out y out z }");
        assertEquals(1, loops.size());
        assertEquals(List.of("sin", "param"), loops.getFirst().constants().stream().map(CellsTest::name).toList(), "computed once, before the loop");
    }

    private static String name(Value v) {
        return v.op() instanceof dev.kiln.compiler.op.Map m ? m.fn().name() : v.op().spec().name();
    }

    @Test
    void scanAndFoldOfOneCellAreOneLoop() {
        assertEquals(1, scans("predict", "network Net() { in x: f32[N, T, 2] unit = Decay(0.5) y, z = x |> scan(unit) out y out s = (x |> fold(unit)).s }").size());
    }

    private static final String STACKED = """
            cell Total(size: int)(x: f32[N, E]) -> f32[N, size] {
              require E == size : "as many"
              state s: f32[N, size] = 0
              s' = s + x
              return s'
            }
            cell Stack()(x: f32[N, E]) -> f32[N, E] {
              below = Total(1)
              above = Total(1)
              return above(below(x) + above.s) + below.s + 100 * below.s'
            }
            """;

    @Test
    void aCellInsideACellStepsOnce() {
        // below 1, 3, 6; above reads itself: 1, 1+1+3 = 5, 5+5+6 = 16
        gives(new double[] {101, 5 + 1 + 300, 16 + 3 + 600}, STACKED + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Stack) }", 1, 2, 3);
        assertEquals(2, scans("predict", STACKED + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Stack) }").getFirst().init().size());
    }

    @Test
    void cellsInAListAndFreshOnes() {
        String text = """
                cell Tower(unit: cell, depth: int)(x: f32[N, E]) -> f32[N, E] {
                  h = x
                  for i < depth {
                    each = fresh unit
                    h' = each(h)
                  }
                  return h
                }
                """;
        gives(new double[] {1, 4, 10}, text + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Tower(Sum, 2)) }", 1, 2, 3);
        gives(new double[] {1, 4, 10}, "network Net() { in x: f32[N, T, 1] h = x for c in [Sum(), Sum()] { h' = h |> scan(c) } out y = h }", 1, 2, 3);
    }

    @Test
    void weightsAreNamedAfterTheirPlace() {
        var program = program(CELLS + """
                layer Both(ahead: cell, back: cell)(x: f32[N, T, E]) -> f32[N, T, 2 * E] {
                  a, b = x |> scan(ahead)
                  c, d = x |> reverse |> scan(back) |> reverse
                  return concat(b, d)
                }
                network Net() { in x: f32[N, T, 2] read = x |> Both(Decay(0.5), Decay(0.25)) unit = Decay(1) p, q = read |> scan(unit) out q }
                """);
        assertEquals(List.of("read.decay_1.W", "read.decay_2.W", "unit.W"), program.parameters().all().stream().map(Parameter::name).toList());
    }

    @Test
    void standardCellsAndParametersOfRoundsAreApart() {
        var program = program(CELLS + """
                layer Over(unit: cell = Decay(0.5))(x: f32[N, T, E]) -> f32[N, T, E] {
                  a, b = x |> scan(unit)
                  y = b
                  for i < 2 {
                    param g: f32[E] init 1
                    y' = y * g
                  }
                  return y
                }
                network Net() { in x: f32[N, T, 2] h = x |> Over |> Over out h }
                """);
        assertEquals(List.of("h.decay_1.W", "h.over_1.g_1", "h.over_1.g_2", "h.decay_2.W", "h.over_2.g_1", "h.over_2.g_2"), program.parameters().all().stream().map(Parameter::name).toList());
    }

    @Test
    void chanceInACellIsDrawnForAllSteps() {
        String text = """
                cell Noisy()(x: f32[N, E]) -> f32[N, E] {
                  state s: f32[N, E] = 0
                  if sampling {
                    draw keep: f32[N, E] from bernoulli(0.5)
                    s' = s + x * keep
                  } else {
                    s' = s + x
                  }
                  return s'
                }
                network Net() { in x: f32[N, T, 3] out y = x |> scan(Noisy) }
                """;
        Entry sample = program(text).entry("sample").orElseThrow();
        var drawn = sample.live().stream().filter(v -> v.op() instanceof Random).toList();
        assertEquals("f32[T, N, 3]", drawn.getFirst().type().toString());
    }

    @Test
    void aLayersStateGoesThroughTheLoopAndStays() {
        String text = """
                layer Counted()(x: f32[N, E]) -> f32[N, E] {
                  state seen: f32[E] = 0
                  m[e] = mean(x[n, e] over n)
                  if training { seen' = seen + m }
                  return x + seen
                }
                cell Steps()(x: f32[N, E]) -> f32[N, E] {
                  state s: f32[N, E] = 0
                  s' = s + (x |> Counted)
                  return s'
                }
                network Net() { in x: f32[N, T, 1] param w: f32[1] init 1 out y = (x |> scan(Steps)) * w }
                optimizer Still()(w: f32[S..], g: f32[S..]) { w' = w + 0 * g }
                train Net { loss mean(y) optimizer Still }
                """;
        Program net = program(text);
        Entry train = net.entry("train").orElseThrow();
        var seen = train.outputs().stream().filter(o -> o.name().endsWith("seen")).findFirst().orElseThrow();
        Array last = Interpreter.evaluate(train.graph(), List.of(seen.value()), new dev.kiln.compiler.reference.World(Map.of("N", 1L, "T", 3L), Map.of("x", x(1, 2, 3)), FirstValues.of(net.parameters(), 1), 1, 1)).get(seen.value());
        assertEquals(6, last.get(0), 1e-12);
        Scan loop = net.entry("predict").orElseThrow().live().stream().map(Value::op).filter(Scan.class::isInstance).map(Scan.class::cast).findFirst().orElseThrow();
        assertEquals(1, loop.init().size(), "a state that does not move is no state");
        assertTrue(loop.constants().stream().anyMatch(v -> v.op() instanceof Param));
    }

    @Test
    void aLoopInsideALoop() {
        String text = """
                cell Rows()(x: f32[N, T, E]) -> f32[N, E] {
                  state s: f32[N, E] = 0
                  last = x |> fold(Sum()(s: s))
                  s' = last.s
                  return s'
                }
                network Net() { in x: f32[N, R, T, 1] out y = x |> scan(Rows) }
                """;
        var y = run(text, new Array(new int[] {1, 2, 3, 1}, new double[] {1, 2, 3, 10, 20, 30})).get("y");
        assertArrayEquals(new double[] {6, 66}, y.data(), 1e-12);
    }

    @Test
    void whatIsWrong() {
        assertEquals(List.of("CellWithoutTime"), codes(CELLS + "network Net() { in x: f32[N, 2] out y = x |> Sum }"));
        assertEquals(List.of("RankMismatch"), codes(CELLS + "network Net() { in x: f32[N] out y = x |> scan(Sum) }"));
        assertEquals(List.of("TypeMismatch"), codes("network Net() { in x: f32[N, T, 2] out y = x |> scan(tanh) }"));
        assertEquals(List.of("ShapeMismatch"), codes(CELLS + "network Net() { in x: f32[N, T, 2] in s: f32[N, 3] out y = x |> scan(Sum()(s: s)) }"));
        assertEquals(List.of("UnknownMember"), codes(CELLS + "network Net() { in x: f32[N, T, 2] out y = (x |> fold(Sum)).h }"));
        assertEquals(List.of("UnknownArgument"), codes(CELLS + "network Net() { in x: f32[N, T, 2] out y = x |> scan(Sum()(q: 1)) }"));
        assertEquals(List.of("ShapeMismatch"), codes(CELLS + "cell Pair()(x: f32[N, E], z: f32[N, E]) -> f32[N, E] { return x + z } network Net() { in x: f32[N, T, 2] in z: f32[N, 4, 2] out y = scan(Pair)(x, z) }"));
    }

    @Test
    void trainHasSettingsAndLoads() {
        String text = """
                optimizer Plain(lr: float)(w: f32[S..], g: f32[S..]) { w' = w - lr * g }
                network Net() { in x: f32[N, 3] param w: f32[3] init 1 out y = x * w }
                train Net(rate: float = 0.25, rounds: int = 7) { loss mean(y) optimizer Plain(rate) epochs rounds load %s from "w.safetensors" }
                """;
        var problems = new dev.kiln.compiler.source.Problems();
        var checked = Check.check(dev.kiln.compiler.syntax.Parser.parse(new dev.kiln.compiler.source.SourceFile("test.nn", text.formatted("w")), problems), new Library(Map.of()), problems);
        assertTrue(problems.isEmpty(), problems::toString);
        TrainingSpec spec = checked.models().getFirst().training().orElseThrow();
        assertEquals(7, spec.epochs());
        assertEquals(List.of(new TrainingSpec.Load("w", "w.safetensors")), spec.loads());
        assertEquals("UnknownPart", codes(text.formatted("v")).getFirst());
    }

    @Test
    void theLoopIsPrinted() {
        Entry predict = program(CELLS + "network Net() { in x: f32[N, T, 2] out y = x |> scan(Sum) }").entry("predict").orElseThrow();
        String text = GraphText.print(predict);
        assertTrue(text.contains("scan[time T]"), text);
    }

    @Test
    void aStateIsWrittenSliceBySlice() {
        String cells = """
                cell Shift()(x: f32[N, E]) -> f32[N, E] {
                  state h: f32[3, N, E] = 0
                  h'[0] = x
                  h'[1] = h[0] + h'[0]
                  h'[2] = h[1]
                  return h'[2]
                }
                cell Grid()(x: f32[N, E]) -> f32[N, E] {
                  state h: f32[N, 2, E, 2] = 0
                  for i < 2 { for j < 2 { h'[n, i, e, j] = x[n, e] + (i + 2 * j) * h[n, 1 - i, e, j] } }
                  y[n, e] = sum(h'[n, i, e, j] over i, j)
                  return y
                }
                cell Around()(x: f32[N, E]) -> f32[N, E] {
                  state h: f32[2, N, E] = 1
                  h'[1, s..] = x[s..]
                  h'[0, s..] = h'[1, s..] * h[1, s..] + h[0, s..]
                  return h'[0]
                }
                """;
        gives(new double[] {0, 1, 3}, cells + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Shift) }", 1, 2, 3);
        gives(new double[] {4, 4 * 3 + (0 + 1 + 2 + 3), 0 + 1 * 3 + 2 * 6 + 3 * 5}, cells + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Grid) }", 1, 3, 0);
        gives(new double[] {1 + 2, 3 + 2 * 5, 13 + 5 * 7}, cells + "network Net() { in x: f32[N, T, 1] out y = x |> scan(Around) }", 2, 5, 7);
    }

    /// A layer keeps its slices with the model.
    @Test
    void aLayersStateIsWrittenSliceBySlice() {
        Program program = program("""
                layer Last()(x: f32[N, C]) -> f32[N, C] {
                  state two: f32[2, C] = 0
                  if training {
                    m[c] = mean(x[n, c] over n)
                    two'[0] = m
                    two'[1] = two[0]
                  }
                  y[n, c] = x[n, c] + two[1, c]
                  return y
                }
                optimizer Plain()(w: f32[S..], g: f32[S..]) { w' = w - g }
                network Net() { in x: f32[N, 3]  param a: f32[3] init 1  out y = (x * a) |> Last }
                train Net { loss mean(y)  optimizer Plain }
                """);
        assertTrue(program.entry("train").orElseThrow().outputs().stream().anyMatch(o -> o.name().endsWith("two")));
    }

    @Test
    void slicesAreRefusedWhereTheyDoNotFit() {
        String cell = "cell C()(x: f32[N, 2]) -> f32[N, 2] { state h: f32[N, 2, 2] = 0 %s return x } network Net() { in x: f32[N, T, 2] out y = x |> scan(C) }";
        assertEquals(List.of("IndexOutside"), codes(cell.formatted("h'[n, 2, k] = x[n, k]")));
        assertEquals(List.of("ShapeMismatch"), codes(cell.formatted("y[n, k < 3] = 1.0 * k * x[n, 0] h'[n, 0, k] = y[n, k] h'[n, 1, k] = x[n, k]")));
        assertEquals(List.of("IndexCount"), codes(cell.formatted("h'[n, 0] = x[n, 0]")));
        assertEquals(List.of("SliceTwice"), codes(cell.formatted("h' = h h'[n, 0, k] = x[n, k]")));
        assertEquals(List.of("SliceTwice"), codes(cell.formatted("h'[n, 0, k] = x[n, k] h' = h")));
        assertEquals(List.of("SlicesMissing"), codes(cell.formatted("h'[n, 0, k] = x[n, k] y[n, k] = h'[n, 1, k] h'[n, 1, k] = x[n, k]")));
        assertEquals(List.of("SlicesMissing"), codes(cell.formatted("h'[n, 0, k] = x[n, k] z = 2 * h' h'[n, 1, k] = x[n, k]")));
        assertEquals(List.of("UnknownName"), codes(cell.formatted("h'[n, 0, k] = nothing[n, k] h'[n, 1, k] = x[n, k]")));
    }
}
