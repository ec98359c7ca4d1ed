package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Allowance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds who changed a value: the stage, the rule and the place at which the interpreter first gives something else; or, where the rewritten graph still gives the same, the first value that its compiled form has wrong.
public final class Bisect {
    /// Rules that round in other places move a value in double by less than this share of it.
    private static final double ROUNDING = 1e-9;

    private record Stage(String name, List<Rule<?>> rules) {}

    private static final List<Stage> STAGES = List.of(new Stage("simplify", Simplify.RULES), new Stage("normalise", Normalise.ALL));

    private final List<Stage> stages;
    private final Program program;
    private final Case example;

    private Bisect(List<Stage> stages, Program program, Case example) {
        this.stages = stages;
        this.program = program;
        this.example = example;
    }

    /// Who is to blame.
    /// @param stage   whose result is the first that differs
    /// @param what    the rule and how many had fired before it; or the value that compiled code has wrong
    /// @param results what it was before and after
    public record Culprit(String entry, String stage, String what, String results) {
        @Override
        public String toString() {
            return "%s: the stage %s changes a value\n  %s\n  %s".formatted(entry, stage, what, results);
        }
    }

    /// The first culprit of a checked network, if there is any.
    public static Optional<Culprit> of(Program program, Case example) {
        return new Bisect(STAGES, program.map(Differentiate::of), example).culprit();
    }

    /// The same, when `simplify` had these rules.
    static Optional<Culprit> of(Program program, Case example, List<Rule<?>> rules) {
        return new Bisect(List.of(new Stage("simplify", rules)), program.map(Differentiate::of), example).culprit();
    }

    private Optional<Culprit> culprit() {
        return program.entries().stream().flatMap(entry -> culprit(entry).stream()).findFirst();
    }

    private Optional<Culprit> culprit(Entry entry) {
        var world = Agreement.world(entry, example.inputs(entry), example.parameters(program));
        var before = entry;
        for (Stage stage : stages) {
            var fired = new ArrayList<String>();
            var after = Rewriter.upTo(before, stage.rules, Long.MAX_VALUE, fired::add);
            if (difference(entry, after, world).isPresent()) return Optional.of(rule(entry, before, stage, fired, world));
            before = after;
        }
        return compiled(entry, before, world);
    }

    /// The first firing after which a result differs. Results may agree again later, so this finds one that changed something, by halving.
    private static Culprit rule(Entry entry, Entry before, Stage stage, List<String> fired, World world) {
        int right = 0;
        int wrong = fired.size();
        while (wrong - right > 1) {
            int middle = (right + wrong) >>> 1;
            if (difference(entry, Rewriter.upTo(before, stage.rules, middle, _ -> {}), world).isPresent()) wrong = middle;
            else right = middle;
        }
        String results = difference(entry, Rewriter.upTo(before, stage.rules, wrong, _ -> {}), world).orElse("");
        return new Culprit(entry.name(), stage.name, "by the rule %s, the firing %d of %d".formatted(fired.get(wrong - 1), wrong, fired.size()), results);
    }

    private static Optional<String> difference(Entry plain, Entry rewritten, World world) {
        Map<Value, Array> wanted = Interpreter.evaluate(plain.graph(), plain.roots(), world);
        Map<Value, Array> found = Interpreter.evaluate(rewritten.graph(), rewritten.roots(), world);
        for (int k = 0; k < plain.outputs().size(); k++) {
            double[] a = wanted.get(plain.outputs().get(k).value()).data();
            double[] b = found.get(rewritten.outputs().get(k).value()).data();
            double scale = 1e-3;
            for (double v : a) if (Double.isFinite(v)) scale = Math.max(scale, Math.abs(v));
            for (int i = 0; i < a.length; i++)
                if (Double.compare(a[i], b[i]) != 0 && !(Math.abs(a[i] - b[i]) <= ROUNDING * scale)) return Optional.of("%s, element %d: %s became %s".formatted(plain.outputs().get(k).name(), i, a[i], b[i]));
        }
        return Optional.empty();
    }

    /// Value after value of the rewritten graph on its own, compiled and run.
    private Optional<Culprit> compiled(Entry plain, Entry rewritten, World world) {
        if (agrees(rewritten, world).isEmpty()) return Optional.empty();
        for (Value v : rewritten.live()) {
            if (v.type().dtype() != DType.f32) continue;
            var alone = new Entry("sample", rewritten.graph(), rewritten.inputs(), List.of(new Output("value", v, Output.Role.USER)));
            var wrong = agrees(alone, world);
            if (wrong.isPresent()) {
                String place = rewritten.graph().origin(v).map(o -> "   // " + o).orElse("");
                return Optional.of(new Culprit(plain.name(), "group, layout, schedule or emit", "alone, %s = %s%s".formatted(v, v.op().print(v.op().operands().stream().map(Value::toString).toList()), place), wrong.get()));
            }
        }
        return Optional.of(new Culprit(plain.name(), "group, layout, schedule or emit", "every value alone is right, so it is what runs together", agrees(rewritten, world).orElseThrow()));
    }

    private Optional<String> agrees(Entry entry, World world) {
        var only = new Program(program.name(), program.line(), List.of(entry), program.parameters(), program.dims(), program.checks(), program.vocabularies(), program.texts(), program.lengths());
        try {
            new Agreement(Agreement.compile(only), only, Allowance.ofRoundings(3), 1, 2).check(entry.name(), world.inputs(), world.parameters());
            return Optional.empty();
        } catch (RuntimeException | AssertionError | LinkageError e) {
            return Optional.of(String.valueOf(e.getMessage()) + (e.getCause() == null ? "" : " by " + e.getCause()));
        }
    }
}
