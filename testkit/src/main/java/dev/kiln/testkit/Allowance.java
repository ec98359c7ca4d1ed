package dev.kiln.testkit;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.reference.Interpreter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far the results of compiled code may be from those of the interpreter.
@FunctionalInterface
public interface Allowance {
    /// For every element of every output of an entry how far off it may be; infinite where nothing can be said.
    Map<Output, double[]> of(Entry entry, Env world, Map<Output, Array> wanted);

    /// A share of the largest element of a result.
    static Allowance relative(double tolerance) {
        return (_, _, wanted) -> {
            var allowed = new LinkedHashMap<Output, double[]>();
            wanted.forEach((output, array) -> {
                double scale = 1e-3;
                for (double w : array.data()) if (Double.isFinite(w)) scale = Math.max(scale, Math.abs(w));
                var all = new double[array.data().length];
                Arrays.fill(all, tolerance * scale);
                allowed.put(output, all);
            });
            return allowed;
        };
    }

    /// An error budget: what a few roundings of a float in every intermediate value do to the result, at random. A result that they can push over a kink may be anything.
    /// @param runs how often that is tried
    static Allowance ofRoundings(int runs) {
        return (entry, world, wanted) -> {
            var allowed = new LinkedHashMap<Output, double[]>();
            wanted.forEach((output, array) -> allowed.put(output, new double[array.data().length]));
            for (int run = 0; run < runs; run++) {
                var scattered = Interpreter.evaluate(entry.graph(), entry.roots(), new Roundings(world, run, run % 2 == 0 ? ROUNDINGS : MANY_ROUNDINGS));
                wanted.forEach((output, array) -> widen(allowed.get(output), array.data(), scattered.get(output.value()).data()));
            }
            wanted.forEach((output, array) -> settle(allowed.get(output), array.data()));
            return allowed;
        };
    }

    /// The most that one function of the table is wrong by.
    double ROUNDINGS = 4;
    /// Where a kink lies within so many, the sample says nothing.
    double MANY_ROUNDINGS = 32;
    /// How much further than the scatter a result may lie: few runs are a small sample, and compiled code computes the same by other ways.
    double MARGIN = 4;

    private static void widen(double[] allowed, double[] wanted, double[] scattered) {
        for (int i = 0; i < allowed.length; i++) {
            double apart = Double.compare(wanted[i], scattered[i]) == 0 ? 0 : Math.abs(wanted[i] - scattered[i]);
            allowed[i] = apart <= allowed[i] ? allowed[i] : Double.isNaN(apart) ? Double.POSITIVE_INFINITY : apart;
        }
    }

    /// Elements of one result are made alike: what is usual among them is allowed to each.
    private static void settle(double[] allowed, double[] wanted) {
        double squares = 0;
        int finite = 0;
        for (double a : allowed)
            if (Double.isFinite(a)) {
                squares += a * a;
                finite++;
            }
        double usual = finite == 0 ? 0 : Math.sqrt(squares / finite);
        for (int i = 0; i < allowed.length; i++) allowed[i] = MARGIN * Math.max(allowed[i], usual) + 0x1p-21 * (Double.isFinite(wanted[i]) ? Math.abs(wanted[i]) : 0) + Float.MIN_NORMAL;
    }
}
