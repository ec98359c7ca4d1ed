package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.TestCase;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every file of the library is correct, documented, and its own tests hold.
class LibraryTest {
    private static final Path FILES = Path.of("src/main/resources/META-INF/nn/std");

    private static Stream<DynamicTest> eachFile(BiConsumer<Ast.File, Checked> test) throws IOException {
        try (Stream<Path> files = Files.list(FILES)) {
            return files.sorted().toList().stream().map(path -> DynamicTest.dynamicTest(path.getFileName().toString(), () -> {
                var problems = new Problems();
                Ast.File file = Parser.parse(SourceFile.read(path), problems);
                Checked checked = Check.check(file, Lab.LIBRARY, problems);
                assertTrue(problems.isEmpty(), problems::toString);
                test.accept(file, checked);
            }));
        }
    }

    @TestFactory
    Stream<DynamicTest> everyLayerAndFunctionIsDocumented() throws IOException {
        return eachFile((file, _) -> {
            var bare = new ArrayList<String>();
            for (Ast.Declaration d : file.declarations()) {
                if (d instanceof Ast.Function f && f.documentation().isBlank()) bare.add(f.name().text());
                if (d instanceof Ast.Block b && b.documentation().isBlank()) bare.add(b.name().text());
            }
            assertEquals(List.of(), bare);
        });
    }

    @TestFactory
    Stream<DynamicTest> itsOwnTestsHold() throws IOException {
        return eachFile((_, checked) -> checked.tests().forEach(test -> test.expectations().forEach(e -> holds(test, e))));
    }

    private static void holds(TestCase test, TestCase.Expectation e) {
        var roots = new ArrayList<>(List.of(e.actual()));
        e.near().ifPresent(n -> roots.add(n.expected()));
        Map<Value, Array> values = Interpreter.evaluate(test.graph(), roots, new World(Map.of(), Map.of(), Map.of(), 1, 1));
        double[] actual = values.get(e.actual()).data();
        double[] expected = e.near().map(n -> values.get(n.expected()).data()).orElse(new double[] {1});
        double within = e.near().map(TestCase.Near::within).orElse(0.0);
        for (int i = 0; i < actual.length; i++) assertEquals(expected[i], actual[i], within, e.span() + " " + test.title());
    }
}
