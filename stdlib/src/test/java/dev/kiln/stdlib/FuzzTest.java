package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.testkit.fuzz.Case;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.fuzz.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random programs agree with the interpreter at every width, and those that once did not still do. `-Dkiln.programs=20000` tries more of them.
class FuzzTest {
    private static final Path FOUND = Path.of("src/test/resources/fuzz");
    private static final Fuzz FUZZ = new Fuzz(Compiler.of(FuzzTest.class.getClassLoader()), Duration.ofSeconds(30));

    static List<Path> found() throws IOException {
        try (var files = Files.list(FOUND)) {
            return files.sorted().toList();
        }
    }

    /// One file for each bug that was found.
    @ParameterizedTest
    @MethodSource("found")
    void whatOnceFailedAgrees(Path file) throws IOException {
        assertEquals(new Outcome.Agreed(), FUZZ.run(Case.of(Files.readString(file))));
    }

    @Test
    void randomProgramsAgree() {
        int programs = Integer.getInteger("kiln.programs", 30);
        var failures = new ArrayList<Fuzz.Failure>();
        var refused = new ArrayList<String>();
        for (long seed = 0; seed < programs; seed++) {
            var program = Fuzz.program(seed);
            switch (FUZZ.run(program.asCase())) {
                case Outcome.Agreed _ -> {}
                case Outcome.Refused(String report) -> refused.add("seed %d: %s".formatted(seed, report));
                case Outcome.Wrong wrong -> failures.add(FUZZ.smallest(program, wrong));
            }
        }
        assertEquals(List.of(), failures);
        assertEquals(List.of(), refused);
    }

    /// A mistake in the text is told in words, with its place.
    @Test
    void mistakesAreRefused() {
        var failures = new ArrayList<Fuzz.Failure>();
        for (long seed = 0; seed < 4L * Integer.getInteger("kiln.programs", 30); seed++)
            if (FUZZ.check(Fuzz.spoiled(seed)) instanceof Outcome.Wrong wrong) failures.add(FUZZ.smallest(Fuzz.spoiled(seed), wrong));
        assertEquals(List.of(), failures);
    }
}
