package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.driver.CompilerBug;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Allowance;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// One program through all stages, and its compiled form against the interpreter: predictions, losses and the updates that its gradients make, at every width, with one thread and with two.
final class Trial {
    private static final int FEW = 3;
    private static final int MANY = 20;

    private final Compiler compiler;

    Trial(Compiler compiler) {
        this.compiler = compiler;
    }

    Outcome of(Sketch sketch) {
        var source = new SourceFile("fuzz.nn", sketch.text());
        try {
            var checking = compiler.check(source);
            if (!checking.problems().isEmpty()) return new Outcome.Refused(checking.problems().toString());
            var program = checking.checked().models().getFirst().program();
            var compiled = compiler.compile(source);
            return agrees(compiled, program.map(Differentiate::of), sketch);
        } catch (ProblemsException e) {
            return new Outcome.Refused(e.getMessage());
        } catch (CompilerBug e) {
            return new Outcome.Wrong("stage %s fails, %s".formatted(e.stage(), kind(e.getCause())), e);
        } catch (RuntimeException | StackOverflowError e) {
            return new Outcome.Wrong("the compiler fails, " + kind(e), e);
        }
    }

    private static Outcome agrees(Compiled compiled, Program plain, Sketch sketch) {
        var parameters = parameters(plain, sketch.seed());
        for (Entry entry : plain.entries()) {
            Map<String, Array> inputs = inputs(entry, sketch);
            if (!Interpreter.broken(plain.checks(), Interpreter.dims(entry, inputs)).isEmpty()) return new Outcome.Refused("a door refuses these sizes");
            var wrong = differs(compiled, plain, entry, inputs, parameters, FEW);
            if (wrong.isPresent()) wrong = differs(compiled, plain, entry, inputs, parameters, MANY);
            if (wrong.isPresent()) return new Outcome.Wrong("%s differs, %s".formatted(entry.name(), kind(wrong.get())), wrong.get());
        }
        return new Outcome.Agreed();
    }

    private static Optional<Throwable> differs(Compiled compiled, Program plain, Entry entry, Map<String, Array> inputs, Map<String, Array> parameters, int runs) {
        try {
            new Agreement(compiled, plain, Allowance.ofRoundings(runs), 1, 2).check(entry.name(), inputs, parameters);
            return Optional.empty();
        } catch (RuntimeException | AssertionError | LinkageError e) {
            return Optional.of(e);
        }
    }

    /// Values, not bits or places.
    private static String kind(Throwable e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case AssertionError _ when message.contains("scalar kernels on one thread") -> "widths do not agree";
            case AssertionError _ when message.contains(" is NaN instead") -> "NaN";
            case AssertionError _ when e.getCause() == null -> "a value";
            default -> e.getClass().getSimpleName();
        };
    }

    private static Map<String, Array> inputs(Entry entry, Sketch sketch) {
        var all = sketch.inputs();
        var inputs = new LinkedHashMap<String, Array>();
        for (var door : entry.inputs()) {
            String name = ((Input) door.op()).name();
            inputs.put(name, name.equals("step") ? Array.scalar(entry.name().equals("train") ? 1 : 0) : all.get(name));
        }
        return inputs;
    }

    /// Drawn around zero, however they begin; variances are positive, optimizers have not yet seen anything.
    private static Map<String, Array> parameters(Program program, long seed) {
        var random = new Random(seed);
        var parameters = new LinkedHashMap<String, Array>();
        for (Parameter p : program.parameters().all()) {
            int[] shape = p.type().shape().stream().mapToInt(d -> d.toInt()).toArray();
            var array = Array.zeros(shape);
            boolean variance = p.name().endsWith("running_var");
            if (p.role() != Parameter.Role.OPTIMIZER_STATE)
                for (int i = 0; i < array.data().length; i++) array.data()[i] = (float) (variance ? 0.5 + random.nextDouble() : 1.2 * random.nextDouble() - 0.6);
            parameters.put(p.name(), array);
        }
        return parameters;
    }
}
