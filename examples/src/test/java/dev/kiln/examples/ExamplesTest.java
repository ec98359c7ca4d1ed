package dev.kiln.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each example on a slice of its data; the whole data is for `kiln train`.
class ExamplesTest {
    private static final int ROWS = 401;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource({"digits, digits/data/digits.csv.gz, 3", "digits-mlp, digits/data/digits.csv.gz, 3", "birdstrikes, birdstrikes/data/strikes.csv.gz, 4"})
    void exampleLearns(String name, String data, String epochs) throws IOException {
        Path slice = Files.write(folder.resolve("slice.csv"), lines(Path.of(data)).subList(0, ROWS));
        String jar = folder.resolve(name + ".jar").toString();
        run("train", "%s/%s.nn".formatted(name, name), "--data", slice.toString(), "--epochs", epochs, "--validate", "0", "-o", jar);
        List<String> history = Files.readAllLines(folder.resolve(name + ".csv"));
        assertEquals(Integer.parseInt(epochs) + 1, history.size());
        double first = loss(history.get(1));
        double last = loss(history.getLast());
        assertTrue(last < 0.9 * first, "loss %s after one epoch, %s after %s".formatted(first, last, epochs));
        run("evaluate", jar, "--data", slice.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("(binary_)?accuracy 0\\.\\d+")), out.toString());
    }

    @ParameterizedTest
    @CsvSource({"digits", "digits-mlp", "birdstrikes"})
    void jarIsTheSameWhenBuiltTwice(String name) throws IOException {
        Path first = folder.resolve("first.jar");
        Path second = folder.resolve("second.jar");
        for (Path jar : List.of(first, second)) {
            run("compile", "%s/%s.nn".formatted(name, name), "--standalone", "-o", jar.toString());
        }
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
    }

    @Test
    void columnsOfStrikesAreDerivedFromTheReport() throws IOException {
        Path derived = folder.resolve("strikes.csv.gz");
        DeriveStrikes.main(new String[] {"birdstrikes/data/birdstrikes.csv.gz", derived.toString()});
        assertEquals(lines(Path.of("birdstrikes/data/strikes.csv.gz")), lines(derived));
    }

    @Test
    void programsOfTheExamplesRun() {
        RecogniseDigit.main(new String[0]);
        RecogniseManyDigits.main(new String[0]);
        EstimateDamage.main(new String[0]);
    }

    private void run(String... arguments) {
        assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(err), arguments), () -> out.toString() + err);
    }

    /// `epoch,seconds,best,loss,…`
    private static double loss(String line) {
        return Double.parseDouble(line.split(",", -1)[3]);
    }

    private static List<String> lines(Path file) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().collect(Collectors.toList());
        }
    }
}
