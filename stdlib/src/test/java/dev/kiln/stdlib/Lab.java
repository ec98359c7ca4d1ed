package dev.kiln.stdlib;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/// A network from its text, run by the interpreter on drawn parameters.
record Lab(Checked.Model model, Map<String, Array> parameters) {
    static final Library LIBRARY = Library.of(Lab.class.getClassLoader());

    static Checked check(String text) {
        var problems = new Problems();
        Checked checked = Check.check(Parser.parse(new SourceFile("lab.nn", text), problems), LIBRARY, problems);
        if (!problems.isEmpty()) throw new AssertionError(problems.toString());
        checked.models().forEach(m -> GraphCheck.verify(m.program()));
        return checked;
    }

    /// Parameters are drawn around zero, however they are initialised; a state `running_var` must be positive.
    static Lab of(String text, long seed) {
        Checked.Model model = check(text).models().getFirst();
        var random = new Random(seed);
        var parameters = new LinkedHashMap<String, Array>();
        for (Parameter p : model.program().parameters().all()) {
            int[] shape = p.type().shape().stream().mapToInt(d -> d.toInt()).toArray();
            boolean memory = p.role() == Parameter.Role.OPTIMIZER_STATE;
            boolean positive = p.name().endsWith("running_var");
            parameters.put(p.name(), memory ? Array.zeros(shape) : drawn(random, positive ? 0.5 : -0.8, positive ? 2 : 0.8, shape));
        }
        return new Lab(model, parameters);
    }

    static Array drawn(Random random, double low, double high, int... shape) {
        return new Array(shape, random.doubles(Array.size(shape), low, high).toArray());
    }

    Program program() {
        return model.program();
    }

    Entry entry(String name) {
        return program().entry(name).orElseThrow();
    }

    /// One run; `train` with its gradients derived.
    Interpreter.Results run(String entry, Map<String, Array> inputs) {
        return Interpreter.run(Differentiate.of(entry(entry)), inputs, parameters, 7, 1);
    }

    /// `predict` of a network with the input x and the output y.
    Array predict(Array x) {
        return run("predict", Map.of("x", x)).outputs().get("y");
    }

    /// The parameter whose path ends so.
    Array parameter(String end) {
        return parameters.entrySet().stream().filter(e -> e.getKey().endsWith(end)).findFirst().orElseThrow().getValue();
    }
}
