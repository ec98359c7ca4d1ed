package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.NoKernel;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

/// What is compiled is what the interpreter computes: every operator, and graphs of them at random.
class CompiledTest {
    /// Operators that no kernel form computes yet.
    private static final List<String> WITHOUT_KERNEL = List.of("contract: depthwise", "contract: diagonal", "contract: sheared", "contract: sum along a window without weights", "window_max: overlapping, dilated, uneven");

    private static final List<List<Integer>> SIZES = List.of(List.of(5, 3, 17, 2), List.of(1, 16, 2, 1), List.of(16, 7, 1, 33));

    private static final Integer[] SOME = {1, 2, 3, 5, 7, 8, 16, 17};

    /// Draws inputs of one graph and holds its compiled form against the interpreter.
    private record Drawing(Graph graph, Drawn drawn) {
        static Drawing of(List<Integer> sizes, long seed) {
            var graph = new Graph();
            return new Drawing(graph, new Drawn(graph, sizes, seed));
        }

        void check(List<Value> results, boolean simplify) {
            var world = drawn.world();
            var inputs = new ArrayList<>(drawn.inputs());
            var data = new LinkedHashMap<String, Array>();
            for (var input : inputs) data.put(((Input) input.op()).name(), floats(drawn.array(input)));
            // every dim must be learned from a door
            world.dims().forEach((name, size) -> {
                var door = graph.add(new Input("size" + name, TensorType.of(DType.f32, Dim.variable(name))));
                inputs.add(door);
                data.put("size" + name, Array.zeros(Math.toIntExact(size)));
            });
            var outputs = IntStream.range(0, results.size()).mapToObj(i -> new Output("y" + i, results.get(i), Output.Role.USER)).toList();
            var parameters = new ArrayList<Parameter>();
            var known = new LinkedHashMap<String, Array>();
            for (var v : graph.values())
                if (v.op() instanceof Param p && known.put(p.name(), floats(world.parameter(p.name()))) == null)
                    parameters.add(new Parameter(p.name(), v.type(), Parameter.Init.constant(0), true, Parameter.Role.WEIGHT));
            var entry = new Entry("sample", graph, inputs, outputs);
            var program = new Program("Probe", 1, List.of(entry), new Parameters(parameters), List.copyOf(world.dims().keySet()), List.of());
            var compiled = Agreement.compile(program.map(e -> Normalise.of(simplify ? Simplify.of(e) : e)));
            new Agreement(compiled, program, 1e-4, 1, 2).check("sample", data, known);
        }

        private static Array floats(Array array) {
            return new Array(array.shape(), Arrays.stream(array.data()).map(v -> (float) v).toArray());
        }
    }

    @Example
    void everyOperatorAgreesWithItsMeaning() {
        var without = new TreeSet<String>();
        var failures = new LinkedHashMap<String, Throwable>();
        for (var spec : Ops.ALL)
            for (var sample : spec.samples())
                for (var sizes : SIZES) {
                    if (spec.equals(Gradient.SPEC)) continue;
                    try {
                        agrees(sample, sizes);
                    } catch (NoKernel e) {
                        without.add(spec.name() + ": " + sample.label());
                    } catch (RuntimeException | AssertionError e) {
                        failures.put("%s, %s, sizes %s".formatted(spec.name(), sample.label(), sizes), e);
                    }
                }
        assertEquals(Map.of(), failures);
        assertEquals(new TreeSet<>(WITHOUT_KERNEL), without);
    }

    private static void agrees(Spec.Sample sample, List<Integer> sizes) {
        var d = Drawing.of(sizes, 3);
        var y = d.graph.add(sample.build().apply(d.graph, d.drawn));
        if (d.drawn.inputs().stream().anyMatch(CompiledTest::isCompound)) {
            d = Drawing.of(sizes, 3);
            y = d.graph.add(sample.build().apply(d.graph, d.drawn.withoutSymbols()));
        }
        d.check(List.of(y), false);
    }

    /// The extents of a door are numbers or names.
    private static boolean isCompound(Value input) {
        return input.type().shape().stream().anyMatch(d -> !d.isConstant() && !d.variables().contains(d.toString()));
    }

    /// The same graphs in every build; `-Dkiln.graphs=1000` tries more of them. A graph with an operator that has no kernel is passed over.
    @Example
    void randomGraphsAgreeWithTheirMeaning() {
        int graphs = Integer.getInteger("kiln.graphs", 40);
        var failures = new LinkedHashMap<String, String>();
        int passedOver = 0;
        for (int seed = 0; seed < graphs; seed++) {
            try {
                agrees(seed);
            } catch (NoKernel e) {
                passedOver++;
            } catch (RuntimeException | AssertionError e) {
                failures.put("seed " + seed, e + (e.getCause() == null ? "" : " by " + e.getCause()));
            }
        }
        assertEquals(Map.of(), failures);
        assertTrue(passedOver < graphs / 4, passedOver + " of " + graphs + " graphs have no kernel");
    }

    private static void agrees(int seed) {
        var random = new Random(seed);
        int steps = 1 + random.nextInt(14);
        var sizes = random.ints(5, 0, SOME.length).mapToObj(i -> SOME[i]).toList();
        var d = Drawing.of(sizes, seed);
        var values = new RandomGraph(d.graph, d.drawn, seed).grow(steps);
        if (d.drawn.inputs().stream().anyMatch(CompiledTest::isCompound)) {
            d = Drawing.of(sizes, seed);
            values = new RandomGraph(d.graph, d.drawn.withoutSymbols(), seed).grow(steps);
        }
        d.check(List.of(values.getLast(), values.get(values.size() / 2)), seed % 2 == 0);
    }
}
