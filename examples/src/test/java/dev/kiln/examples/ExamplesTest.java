package dev.kiln.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.Main;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import moby.Moby;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Each example on a slice of its data; the whole data is for `kiln train`.
class ExamplesTest {
    private static final int ROWS = 401;
    private static final int UNSEEN = 9;

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

    /// Rows that the training has not seen, through files and the command line on one side, in double without any compiled code on the other.
    @ParameterizedTest
    @CsvSource({"digits, Digits, 2", "digits-mlp, DigitsMlp, 3"})
    void jarGivesTheProbabilitiesOfTheInterpreter(String folderName, String network, String epochs) throws IOException {
        String file = "%s/%s.nn".formatted(folderName, folderName);
        List<String> all = lines(Path.of("digits/data/digits.csv.gz"));
        Path slice = Files.write(folder.resolve("slice.csv"), all.subList(0, ROWS));
        Path jar = folder.resolve("trained.jar");
        run("train", file, "--data", slice.toString(), "--epochs", epochs, "--validate", "0", "-o", jar.toString());

        float[][] unseen = all.subList(all.size() - UNSEEN, all.size()).stream().map(ExamplesTest::pixels).toArray(float[][]::new);
        Path image = folder.resolve("image.csv");
        Files.write(image, Arrays.stream(unseen).map(row -> Arrays.toString(row).replaceAll("[\\[\\] ]", "")).toList());
        Path probability = folder.resolve("probability.csv");
        run("run", jar.toString(), "--input", "image=" + image, "--output", "probability=" + probability);
        double[] compiled = Files.readAllLines(probability).stream().flatMap(row -> Arrays.stream(row.split(",", -1))).mapToDouble(Double::parseDouble).toArray();

        double[] expected = interpreted(Path.of(file), network, jar, unseen);
        assertEquals(UNSEEN * 10, expected.length);
        assertEquals(expected.length, compiled.length);
        double largest = IntStream.range(0, expected.length).mapToDouble(i -> Math.abs(expected[i] - compiled[i])).max().orElseThrow();
        System.out.printf("%s: probabilities of %d rows differ from the interpreter by at most %.2g%n", network, UNSEEN, largest);
        assertTrue(largest <= 1e-5, "differs by " + largest);
    }

    private static double[] interpreted(Path file, String name, Path jar, float[]... rows) throws IOException {
        Checking checking = Compiler.of(ExamplesTest.class.getClassLoader()).check(SourceFile.read(file));
        Entry predict = checking.checked().model(name).orElseThrow().program().entry("predict").orElseThrow();
        int[] shape = predict.inputs().getFirst().type().shape().stream().mapToInt(dim -> dim.isConstant() ? dim.toInt() : rows.length).toArray();
        var image = new Array(shape, Arrays.stream(rows).flatMapToDouble(ExamplesTest::doubles).toArray());
        Map<String, Array> weights = new HashMap<>();
        try (Network network = Network.open(jar, Options.defaults().warm(Warm.NEVER))) {
            for (ParameterSpec parameter : network.weights().parameters()) {
                Tensor tensor = network.weights().get(parameter.name());
                weights.put(parameter.name(), new Array(tensor.shape(), doubles(tensor.floats()).toArray()));
            }
        }
        return Interpreter.run(predict, Map.of("image", image), weights, 0, 0).outputs().get("probability").data();
    }

    /// `label,grey,grey,…` of 0 to 255
    private static float[] pixels(String line) {
        String[] cells = line.split(",", -1);
        float[] pixels = new float[cells.length - 1];
        for (int i = 0; i < pixels.length; i++) pixels[i] = Float.parseFloat(cells[i + 1]) / 255;
        return pixels;
    }

    private static DoubleStream doubles(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]);
    }

    static Stream<Path> networks() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of(""), 2)) {
            return files.filter(f -> f.toString().endsWith(".nn")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void jarIsTheSameWhenBuiltTwice(Path file) throws IOException {
        Path first = folder.resolve("first.jar");
        Path second = folder.resolve("second.jar");
        for (Path jar : List.of(first, second)) {
            run("compile", file.toString(), "--standalone", "-o", jar.toString());
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
    void theBookIsLearned() throws IOException {
        String book = String.join("\n", lines(Path.of("moby/data/moby-dick.txt.gz")));
        Path slice = Files.writeString(folder.resolve("slice.txt"), book.substring(0, 20_000));
        run("train", "moby/moby.nn", "--data", slice.toString(), "--epochs", "3", "--validate", "0", "-o", folder.resolve("moby.jar").toString());
        List<String> history = Files.readAllLines(folder.resolve("moby.csv"));
        double first = loss(history.get(1));
        double last = loss(history.getLast());
        assertTrue(last < 0.95 * first, "loss %s after one epoch, %s after three".formatted(first, last));
    }

    @Test
    void aTextIsWrittenOnInItsOwnLetters() {
        try (Moby network = Moby.load(Options.defaults().warm(Warm.NEVER))) {
            String text = WriteOn.write(network, "Call me ", 9, 1);
            assertTrue(text.startsWith("Call me "), text);
            assertEquals(8 + 9, text.codePointCount(0, text.length()));
            assertEquals(text, WriteOn.write(network, "Call me ", 9, 1));
        }
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
