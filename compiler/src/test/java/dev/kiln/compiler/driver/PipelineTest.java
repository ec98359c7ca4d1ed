package dev.kiln.compiler.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.group.Arithmetic;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What happens when a stage breaks.
class PipelineTest {
    private static final SourceFile SOURCE = new SourceFile("net.nn", "");

    private static Stage<String, String> stage(String name, Throwable thrown) {
        return new Stage<>(name, "", (_, text) -> fail(thrown, text + " " + name), _ -> {}, text -> "made" + text);
    }

    private static String fail(Throwable thrown, String result) {
        if (thrown instanceof RuntimeException e) throw e;
        if (thrown instanceof Error e) throw e;
        return result;
    }

    private static String run(Pipeline<String, String> pipeline) {
        return pipeline.run(new Compilation(SOURCE, new Library(Map.of()), Optional.empty(), Arithmetic.FAST, new Problems(), new ArrayList<>()), "", (_, _, _) -> {});
    }

    @ParameterizedTest
    @ValueSource(classes = {NullPointerException.class, IndexOutOfBoundsException.class, ConcurrentModificationException.class, IllegalStateException.class, StackOverflowError.class})
    void anyExceptionNamesTheStageAndKeepsTheLastDump(Class<? extends Throwable> kind) throws ReflectiveOperationException {
        var thrown = kind.getDeclaredConstructor().newInstance();
        var bug = assertThrows(CompilerBug.class, () -> run(Pipeline.of(stage("one", null)).then(stage("two", null)).then(stage("three", thrown)).then(stage("four", null))));
        assertEquals("three", bug.stage());
        assertEquals("made one two", bug.lastDump());
        assertSame(thrown, bug.getCause());
        assertEquals("this is a bug of Kiln, not of net.nn: its stage 'three' failed (%s); `kiln dump net.nn --after two` shows what it was given".formatted(kind.getName()), bug.getMessage());
    }

    @Test
    void theFirstStageHasNoDumpBeforeIt() {
        var bug = assertThrows(CompilerBug.class, () -> run(Pipeline.of(stage("one", new IllegalStateException("odd")))));
        assertEquals("", bug.lastDump());
        assertEquals("this is a bug of Kiln, not of net.nn: its stage 'one' failed (java.lang.IllegalStateException: odd)", bug.getMessage());
    }

    @Test
    void whatTheUserDidIsNoBug() {
        var thrown = new UsageException("no such network");
        assertSame(thrown, assertThrows(UsageException.class, () -> run(Pipeline.of(stage("one", thrown)))));
    }
}
