package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.NoKernel;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Example;

/// What is compiled is what the interpreter computes: every operator, and graphs of them at random.
class CompiledTest {
    /// Operators that no kernel form computes.
    private static final List<String> WITHOUT_KERNEL = List.of();

    private static final List<List<Integer>> SIZES = List.of(List.of(5, 3, 17, 2), List.of(1, 16, 2, 1), List.of(16, 7, 1, 33));

    private static final Integer[] SOME = {1, 2, 3, 5, 7, 8, 16, 17};

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
        var y = d.graph().add(sample.build().apply(d.graph(), d.drawn()));
        if (d.drawn().inputs().stream().anyMatch(CompiledTest::isCompound)) {
            d = Drawing.of(sizes, 3);
            y = d.graph().add(sample.build().apply(d.graph(), d.drawn().withoutSymbols()));
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
        var values = new RandomGraph(d.graph(), d.drawn(), seed).grow(steps);
        if (d.drawn().inputs().stream().anyMatch(CompiledTest::isCompound)) {
            d = Drawing.of(sizes, seed);
            values = new RandomGraph(d.graph(), d.drawn().withoutSymbols(), seed).grow(steps);
        }
        d.check(List.of(values.getLast(), values.get(values.size() / 2)), seed % 2 == 0);
    }
}
