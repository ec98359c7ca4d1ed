package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import dev.kiln.testkit.gradient.Blame;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.gradient.ModelShrink;
import dev.kiln.testkit.gradient.PropertyRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Wrong derivatives written on purpose: how many are found, blamed at the right function, and how small the case becomes. `mvn -o -q -pl stdlib -am test -Dtest=PlantedBugsTest -Dsurefire.failIfNoSpecifiedTests=false` prints the figures;
/// `-Dkiln.shrink=true` makes every network small, not only some.
class PlantedBugsTest {
    private static final Path FILE = Path.of("src/test/resources/planted/functions.nn");
    private static final Path RIGHT = Path.of("src/test/resources/planted/right.nn");

    private static Checked check(String text) {
        var problems = new Problems();
        Checked checked = Check.check(Parser.parse(new SourceFile("planted.nn", text), problems), Lab.LIBRARY, problems);
        assertTrue(problems.isEmpty(), problems::toString);
        return checked;
    }

    @Test
    void aFunctionWithAWrongDerivativeIsFoundAndNamed() throws IOException {
        var properties = check(Files.readString(FILE)).properties();
        var missed = new ArrayList<String>();
        var blamed = new ArrayList<String>();
        var tries = new ArrayList<Integer>();
        var sizes = new ArrayList<Integer>();
        int explained = 0;
        for (var property : properties) {
            String name = property.title().replace("the gradient of ", "");
            PropertyRun.Outcome outcome = PropertyRun.of(property, 1);
            if (!outcome.failed()) missed.add(name);
            Optional<Blame> blame = outcome.failure().flatMap(PropertyRun.Counterexample::blame);
            if (blame.filter(b -> b.place().endsWith("fn " + name)).isEmpty()) continue;
            blamed.add(name);
            tries.add(outcome.tries());
            if (blame.get().diagnosis().isPresent()) explained++;
            sizes.add(outcome.failure().orElseThrow().inputs().values().stream().mapToInt((Array a) -> a.data().length).sum());
        }
        System.out.printf("functions: %d planted, %d found, %d blamed right, %d explained, median tries %d, median numbers in the smallest case %d%n",
                properties.size(), properties.size() - missed.size(), blamed.size(), explained, median(tries), median(sizes));
        assertEquals(List.of(), missed);
        assertEquals(properties.size(), blamed.size());
    }

    /// Between two dense layers: the weights before it have wrong gradients, and blame must pass over every other node.
    @Test
    void insideANetworkBlameFindsTheFunction() throws IOException {
        String text = Files.readString(FILE);
        var names = Pattern.compile("fn (\\w+)\\(x: f32\\[(S\\.\\.|N, [CT])\\]\\) -> f32\\[(S\\.\\.|N, [CT])\\]").matcher(text).results().map(m -> m.group(1)).toList();
        var missed = new ArrayList<String>();
        var misplaced = new ArrayList<String>();
        var large = new ArrayList<String>();
        var layers = new ArrayList<Integer>();
        var numbers = new ArrayList<Integer>();
        for (String name : names) {
            String network = """
                    network Net() { in x: f32[N, 5]  out y = x |> Dense(4) |> tanh |> Dense(6) |> %s |> Dense(3) |> sigmoid }
                    train Net { in t: f32[N, 3]  loss mse(y, t)  optimizer SGD(0.1) }
                    """.formatted(name);
            var settings = ModelCheck.Settings.usual(3).withTries(20);
            ModelReport report = ModelCheck.check(check(text + network).models().getFirst().program(), settings, _ -> {});
            if (!report.failed()) {
                missed.add(name);
                continue;
            }
            if (report.failure().orElseThrow().blame().filter(b -> b.place().endsWith("fn " + name)).isEmpty()) misplaced.add(name);
            if (names.indexOf(name) % 8 > 0 && !Boolean.getBoolean("kiln.shrink")) continue;
            var source = new SourceFile("planted.nn", text + network);
            var smallest = new ModelShrink(Compiler.of(getClass().getClassLoader()), source).network("Net", settings, report.failure().orElseThrow());
            layers.add((int) Pattern.compile("Dense|tanh \\|>|sigmoid\\n").matcher(smallest.text().substring(smallest.text().indexOf("network"))).results().count());
            numbers.add(smallest.smallest().values().stream().mapToInt(a -> a.data().length).sum());
            if (smallest.text().contains("train") || smallest.text().indexOf("fn ") != smallest.text().lastIndexOf("fn ")) large.add(smallest.text());
        }
        System.out.printf("%d shrunk networks: median of other layers left %d of 5, most %d; median of numbers in inputs and weights %d, most %d%n", layers.size(), median(layers), Collections.max(layers), median(numbers), Collections.max(numbers));
        System.out.printf("in networks: %d planted, %d found, %d blamed right%n", names.size(), names.size() - missed.size(), names.size() - missed.size() - misplaced.size());
        assertEquals(List.of(), missed);
        assertEquals(List.of(), misplaced);
        assertEquals(List.of(), large);
    }

    /// In the step of a loop, and in a loop inside a loop: blame names the function and not the loop.
    @Test
    void insideACellBlameFindsTheFunction() throws IOException {
        String text = Files.readString(FILE);
        var names = Pattern.compile("fn (\\w+)\\(x: f32\\[S\\.\\.\\]\\) -> f32\\[S\\.\\.\\]").matcher(text).results().map(m -> m.group(1)).toList();
        var missed = new ArrayList<String>();
        var misplaced = new ArrayList<String>();
        for (String name : names) {
            boolean nested = names.indexOf(name) % 4 == 0;
            String network = """
                    cell Unit(size: int)(x: f32[N, E]) -> f32[N, size] {
                      state h: f32[N, size] = 0.1
                      param W: f32[E, size] init xavier_uniform(E, size)
                      h' = tanh(0.5 * h + %s(x @ W + 0.3 * h))
                      return h'
                    }
                    cell Rows(size: int)(x: f32[N, K, E]) -> f32[N, size] {
                      state s: f32[N, size] = 0
                      s' = 0.5 * s + (x |> fold(Unit(size))).h
                      return s'
                    }
                    network Net() { in x: f32[N, T, %s2]  out y = x |> scan(%s(3)) |> Dense(2) |> sigmoid }
                    train Net { in t: f32[N, T, 2]  loss mse(y, t)  optimizer SGD(0.1) }
                    """.formatted(name, nested ? "2, " : "", nested ? "Rows" : "Unit");
            ModelReport report = ModelCheck.check(check(text + network).models().getFirst().program(), ModelCheck.Settings.usual(3).withTries(20), _ -> {});
            if (!report.failed()) missed.add(name);
            else if (report.failure().orElseThrow().blame().filter(b -> b.place().endsWith("fn " + name) && b.step().isPresent()).isEmpty()) misplaced.add(name);
        }
        System.out.printf("in cells: %d planted, %d found, %d blamed right%n", names.size(), names.size() - missed.size(), names.size() - missed.size() - misplaced.size());
        assertEquals(List.of(), missed);
        assertEquals(List.of(), misplaced);
    }

    /// The gradient is right; what it is made of has a wrong one.
    @Test
    void aGradientWhoseOwnGradientIsWrongIsFoundByTheSecondDerivative() {
        var program = check("""
                fn doubled(x: f32[S..]) -> f32[S..] = 2 * x gradient(dy) { return dy }
                fn square(x: f32[S..]) -> f32[S..] = x * x gradient(dy) { return dy * doubled(x) }
                network Net() { in x: f32[N, 5]  out y = x |> Dense(4) |> square |> Dense(2) }
                train Net { in t: f32[N, 2]  loss mse(y, t)  optimizer SGD(0.1) }
                """).models().getFirst().program();
        var settings = ModelCheck.Settings.usual(3);
        assertEquals(Optional.empty(), ModelCheck.check(program, settings, _ -> {}).failure());
        ModelReport report = ModelCheck.check(program, settings.ofSecondOrder(), _ -> {});
        assertTrue(report.failure().flatMap(ModelCheck.Failure::blame).filter(b -> b.place().endsWith("fn doubled")).isPresent(), report::toString);
    }

    @Test
    void aRightDerivativeIsNotCalledWrong() throws IOException {
        for (var property : check(Files.readString(RIGHT)).properties()) {
            PropertyRun.Outcome outcome = PropertyRun.of(property, 5, 60);
            assertEquals(Optional.empty(), outcome.failure(), property.title());
        }
    }

    private static int median(List<Integer> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
