package dev.kiln.compiler.driver;

import dev.kiln.compiler.group.NoKernel;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Stages one after another. The list is a value: help, dumps and timings read it.
public final class Pipeline<A, B> {
    /// Sees each result as soon as it has been verified. The text is made only if somebody asks for it.
    @FunctionalInterface
    public interface Watcher {
        void done(String stage, long nanoseconds, Supplier<String> text);
    }

    /// A stage as it reads in a list.
    public record Listed(String name, String summary) {}

    @FunctionalInterface
    private interface Steps<A, B> {
        B run(Compilation compilation, A input, Trail trail);
    }

    private final List<Listed> stages;
    private final Steps<A, B> steps;

    private Pipeline(List<Listed> stages, Steps<A, B> steps) {
        this.stages = List.copyOf(stages);
        this.steps = steps;
    }

    static <A, B> Pipeline<A, B> of(Stage<A, B> first) {
        return new Pipeline<>(List.of(listed(first)), (compilation, input, trail) -> run(first, compilation, input, trail));
    }

    <C> Pipeline<A, C> then(Stage<B, C> next) {
        var all = new ArrayList<>(stages);
        all.add(listed(next));
        return new Pipeline<>(all, (compilation, input, trail) -> run(next, compilation, steps.run(compilation, input, trail), trail));
    }

    /// These stages and after them those of `next`.
    <C> Pipeline<A, C> then(Pipeline<B, C> next) {
        var all = new ArrayList<>(stages);
        all.addAll(next.stages);
        return new Pipeline<>(all, (compilation, input, trail) -> next.steps.run(compilation, steps.run(compilation, input, trail), trail));
    }

    private static Listed listed(Stage<?, ?> stage) {
        return new Listed(stage.name(), stage.summary());
    }

    private static <A, B> B run(Stage<A, B> stage, Compilation compilation, A input, Trail trail) {
        long start = System.nanoTime();
        B result;
        try {
            result = stage.step().apply(compilation, input);
            stage.verify().accept(result);
        } catch (ProblemsException | UsageException | NoKernel | UncheckedIOException fault) {
            throw fault;    // of the file, or of the disk
        } catch (RuntimeException | StackOverflowError e) {
            throw new CompilerBug(stage.name(), compilation.source().name(), trail.stage, trail.text.get(), e);
        }
        trail.done(stage.name(), System.nanoTime() - start, () -> stage.print().apply(result));
        return result;
    }

    /// Remembers the last stage that ended well.
    private static final class Trail {
        private final Watcher watcher;
        private Optional<String> stage = Optional.empty();
        private Supplier<String> text = () -> "";

        Trail(Watcher watcher) {
            this.watcher = watcher;
        }

        void done(String name, long nanoseconds, Supplier<String> made) {
            stage = Optional.of(name);
            text = made;
            watcher.done(name, nanoseconds, made);
        }
    }

    public List<Listed> stages() {
        return stages;
    }

    public List<String> names() {
        return stages.stream().map(Listed::name).toList();
    }

    B run(Compilation compilation, A input, Watcher watcher) {
        return steps.run(compilation, input, new Trail(watcher));
    }
}
