package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.Problem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import java.util.List;
import java.util.Map;

/// Texts checked without any library.
final class Elaborated {
    private Elaborated() {}

    static Problems problems(String text) {
        var problems = new Problems();
        check(text, problems);
        return problems;
    }

    private static Checked check(String text, Problems problems) {
        return Check.check(Parser.parse(new SourceFile("test.nn", text), problems), new Library(Map.of()), problems);
    }

    static List<String> codes(String text) {
        return problems(text).all().stream().map(Problem::code).toList();
    }

    static Program program(String text) {
        var problems = new Problems();
        Checked checked = check(text, problems);
        if (!problems.isEmpty()) throw new AssertionError(problems.toString());
        return GraphCheck.verify(checked.models().getFirst().program());
    }

    /// The operators of `predict`, sources left out, in order.
    static List<String> operators(String inputs, String body) {
        Entry predict = program("network Net() { " + inputs + " " + body + " }").entry("predict").orElseThrow();
        return predict.live().stream().filter(v -> !v.op().operands().isEmpty()).map(Elaborated::name).toList();
    }

    private static String name(Value v) {
        return v.op() instanceof dev.kiln.compiler.op.Map m ? m.fn().name() : v.op().spec().name();
    }
}
