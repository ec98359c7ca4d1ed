package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.driver.CompilerBug;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.driver.UsageException;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.NoKernel;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Allowance;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One program through all stages, and its compiled form against the interpreter: predictions, losses and the updates that its gradients make, at every width, with one thread and with two.
final class Trial {
    private static final int FEW = 3;
    private static final int MANY = 20;
    private static final Set<String> LEARNING = Set.of("train", "evaluate");

    private final Compiler compiler;

    Trial(Compiler compiler) {
        this.compiler = compiler;
    }

    Outcome of(Case example) {
        var source = new SourceFile("fuzz.nn", example.text());
        try {
            var checking = compiler.check(source);
            if (!checking.problems().isEmpty()) return new Outcome.Refused(checking.problems().toString());
            var program = checking.checked().models().getFirst().program();
            var compiled = compiler.compile(source);
            return agrees(compiled, program.map(Differentiate::of), example);
        } catch (ProblemsException e) {
            return new Outcome.Refused(e.getMessage());
        } catch (CompilerBug e) {
            return new Outcome.Wrong("stage %s fails, %s".formatted(e.stage(), kind(e.getCause())), e);
        } catch (RuntimeException | StackOverflowError e) {
            return new Outcome.Wrong("the compiler fails, " + kind(e), e);
        }
    }

    /// A text with a mistake is refused with a place, or is right after all and passes every stage.
    Outcome ofSpoiled(Case example) {
        var source = new SourceFile("fuzz.nn", example.text());
        try {
            var checking = compiler.check(source);
            if (!checking.problems().isEmpty()) return new Outcome.Refused(checking.problems().toString());
            compiler.compile(source);
            return new Outcome.Agreed();
        } catch (ProblemsException | UsageException | NoKernel e) {
            return new Outcome.Refused(e.getMessage());
        } catch (CompilerBug e) {
            return new Outcome.Wrong("stage %s fails, %s".formatted(e.stage(), kind(e.getCause())), e);
        } catch (RuntimeException | StackOverflowError e) {
            return new Outcome.Wrong("the compiler fails, " + kind(e), e);
        }
    }

    private static Outcome agrees(Compiled compiled, Program plain, Case example) {
        var parameters = example.parameters(plain);
        for (Entry entry : plain.entries()) {
            Map<String, Array> inputs = example.inputs(entry);
            if (!Interpreter.broken(plain.checks(), Interpreter.dims(entry, inputs)).isEmpty()) return new Outcome.Refused("a door refuses these sizes");
            if (LEARNING.contains(entry.name()) && inputs.values().stream().anyMatch(Trial::hasNoRows)) continue;
            var wrong = differs(compiled, plain, entry, inputs, parameters, FEW);
            if (wrong.isPresent()) wrong = differs(compiled, plain, entry, inputs, parameters, MANY);
            if (wrong.isPresent()) return new Outcome.Wrong("%s differs, %s".formatted(entry.name(), kind(wrong.get())), wrong.get());
        }
        return new Outcome.Agreed();
    }

    /// Nothing is learnt or scored with no rows: the runtime says so.
    private static boolean hasNoRows(Array input) {
        return input.shape().length > 0 && input.shape()[0] == 0;
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
}
