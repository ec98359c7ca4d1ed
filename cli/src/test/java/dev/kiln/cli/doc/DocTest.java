package dev.kiln.cli.doc;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.ExitCode;
import dev.kiln.cli.Main;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class DocTest {
    private static final String PLANT = """
            /// A small garden.

            use ./pot.{Pot}

            const most: int = 3

            /// `y = (x·W)² + b` of `Pot`, over the last axis. Green 2020.
            ///
            /// A second paragraph with <angles>, beside [Pot] and f32[N].
            layer Plant(units: int, keen: bool = true)(x: f32[N, C]) -> f32[N, units] {
              require units > 0 : "Plant needs a unit, got {units}"
              param W: f32[C, units] init xavier_uniform(C, units)
              param b: f32[units] init 0 when keen else 0
              y = if keen { x @ W + b } else { x @ W }
              if keen { z = y * y } else { z = y }
              return z |> Pot(2) |> relu
            }

            /// What grows.
            network Garden {
              in seed: f32[N, 5]
              out bloom = seed |> Plant(4) |> Plant(most)
            }
            """;
    private static final String POT = "/// Holds.\nlayer Pot(depth: int)(x: f32[N, C]) -> f32[N, C] { return x * depth }\n";

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(Object... arguments) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    }

    private Path garden() throws IOException {
        Files.writeString(folder.resolve("pot.nn"), POT);
        return Files.writeString(folder.resolve("garden.nn"), PLANT);
    }

    private static Map<String, String> library() {
        return Documentation.of(Optional.empty(), Library.of(DocTest.class.getClassLoader()).files()).pages();
    }

    @Test
    void aFileAndItsNeighboursHavePages() throws IOException {
        Path to = folder.resolve("site/pages");
        assertEquals(ExitCode.OK, run("doc", garden(), "-o", to), err.toString());
        try (Stream<Path> made = Files.list(to)) {
            assertEquals(List.of("garden.html", "index.html", "pot.html"), made.map(p -> p.getFileName().toString()).sorted().toList());
        }
        String page = Files.readString(to.resolve("garden.html"));
        for (String part : List.of("<p>A small garden.</p>", "<section id=\"Plant\">", "<a href=\"pot.html#Pot\"><code>Pot</code></a>", "<p>A second paragraph with &lt;angles&gt;, beside <a href=\"pot.html#Pot\"><code>Pot</code></a> and f32[N].</p>", "most: int = <span class=\"d\">3</span></code></pre>", "<code>f32[C, units]</code>", "<code>xavier_uniform(C, units)</code>", "when <code>keen</code>",
                "Plant needs a unit, got {units}", "must be given", "<p>Used by <a href=\"garden.html#Garden\">", "<code>f32[N, 3]</code>", "z (line 15)", "<code>bloom.plant_1.W</code></td><td><code>f32[5, 4]</code>", "id=\"L12\"", "<section id=\"most\">")) {
            assertTrue(page.contains(part), part + "\n" + page);
        }
        assertTrue(page.contains("<math><mi>y</mi><mo>=</mo><msup><mrow><mrow><mo stretchy=\"false\">(</mo><mi>x</mi><mo>·</mo><mi>W</mi><mo stretchy=\"false\">)</mo></mrow></mrow><mrow><mn>2</mn></mrow></msup><mo>+</mo><mi>b</mi></math>"), page);
    }

    @Test
    void everyNameOfTheLibraryHasItsPlace() {
        Map<String, String> pages = library();
        int names = 0;
        for (SourceFile file : Library.of(DocTest.class.getClassLoader()).files()) {
            Document document = Document.of(file.name(), Parser.parse(file, new Problems()), Map.of());
            for (Item item : document.items()) {
                assertTrue(pages.get(document.page()).contains("<section id=\"" + item.name() + "\">"), item.name());
                assertTrue(pages.get("index.html").contains("href=\"" + document.page() + "#" + item.name() + "\""), item.name());
                names++;
            }
        }
        assertTrue(names > 100, names + " names");
    }

    @Test
    void linksLeadSomewhereAndNothingComesFromElsewhere() {
        Map<String, String> pages = library();
        pages.forEach((name, page) -> {
            Set<String> ids = ids(page);
            assertEquals(ids.size(), Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().count(), name + " has an id twice");
            for (String link : Pattern.compile("href=\"([^\"]+)\"").matcher(page).results().map(m -> m.group(1)).toList()) {
                String[] parts = link.split("#", 2);
                String target = parts[0].isEmpty() ? name : parts[0];
                assertTrue(pages.containsKey(target), name + " leads to " + link);
                if (parts.length == 2) assertTrue(ids(pages.get(target)).contains(parts[1]), name + " leads to " + link);
            }
            assertFalse(page.contains("http:") || page.contains("https:") || page.contains("<script") || page.contains("@import"), name);
        });
    }

    private static Set<String> ids(String page) {
        Set<String> ids = new HashSet<>();
        Pattern.compile(" id=\"([^\"]+)\"").matcher(page).results().map(m -> m.group(1)).forEach(ids::add);
        return ids;
    }

    @Test
    void picturesAndFormulasAreWellFormed() {
        int found = 0;
        for (String page : library().values()) {
            for (String part : Pattern.compile("<svg.*?</svg>|<math>.*?</math>|<table>.*?</table>|<pre.*?</pre>", Pattern.DOTALL).matcher(page).results().map(MatchResult::group).toList()) {
                assertDoesNotThrow(() -> DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(part))), part);
                found++;
            }
        }
        assertTrue(found > 300, found + " parts");
    }

    @Test
    void theSourceOnAPageIsTheFile() {
        Map<String, String> pages = library();
        for (SourceFile file : Library.of(DocTest.class.getClassLoader()).files()) {
            String page = pages.get(Document.of(file.name(), Parser.parse(file, new Problems()), Map.of()).page());
            String source = page.substring(page.indexOf("<pre class=\"source\">")).replaceAll("<a class=\"n\"[^>]*>\\d+</a>", "").replaceAll("<[^>]+>", "").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            assertEquals(file.text().strip(), source.strip(), file.name());
        }
    }

    @Test
    void indicesPowersAndRootsAreSet() {
        assertEquals("<math><msub><mrow><mi>x</mi></mrow><mrow><mi>i</mi><mo>,</mo><mi>k</mi></mrow></msub></math>", Formula.of("x[i, k]"));
        assertEquals("<math><msqrt><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow></msqrt></math>", Formula.of("sqrt(a + 1)"));
        assertEquals("<math><msup><mrow><mi>v</mi></mrow><mrow><mn>2</mn></mrow></msup></math>", Formula.of("v²"));
        assertEquals("<math><msup><mrow><mi>e</mi></mrow><mrow><mo>−</mo><mi>z</mi></mrow></msup></math>", Formula.of("e^-z"));
        assertEquals("<math><mi>h</mi><mo lspace=\"0\" rspace=\"0\">′</mo></math>", Formula.of("h'"));
        assertDoesNotThrow(() -> Formula.of("(x[i^ (sqrt("));
        assertTrue(Formula.isFormula("h' = 1 - z"));
        assertFalse(Formula.isFormula("x |> Dense(3)"));
        assertFalse(Formula.isFormula("keep"));
    }

    @Test
    void boxesOfALayerDoNotOverlap() {
        Flow flow = new Flow();
        int a = flow.add(Flow.Kind.INPUT, "a", "", "", List.of());
        int b = flow.add(Flow.Kind.STEP, "b", "", "", List.of(a));
        int c = flow.add(Flow.Kind.STEP, "c", "", "", List.of(a));
        int d = flow.add(Flow.Kind.STEP, "d", "", "", List.of(b, c, a));
        flow.add(Flow.Kind.RESULT, "e", "", "", List.of(d, a));
        Layered layered = new Layered(flow, 50, 120, 40, 60, 50);
        for (List<Layered.Node> layer : layered.layers) {
            for (int i = 1; i < layer.size(); i++) assertTrue(layer.get(i).x - layer.get(i).width / 2 >= layer.get(i - 1).x + layer.get(i - 1).width / 2 - 1e-6, "overlap");
        }
        assertEquals(4, layered.layers.size());
        assertEquals(7, layered.routes.size());
    }

    @Test
    void mistakesAreOneSentenceAndLeaveNothingBehind() throws IOException {
        assertEquals(ExitCode.USAGE, run("doc", "--pages"));
        assertEquals(ExitCode.USAGE, run("doc", folder.resolve("nowhere.nn"), "-o", folder.resolve("out")));
        assertEquals(ExitCode.PROBLEMS, run("doc", Files.writeString(folder.resolve("bad.nn"), "fn f( = 1"), "-o", folder.resolve("out")));
        assertFalse(Files.exists(folder.resolve("out")));
        Path taken = Files.writeString(folder.resolve("taken"), "mine");
        assertEquals(ExitCode.USAGE, run("doc", garden(), "-o", taken));
        assertTrue(err.toString().contains("error: cannot write pages into " + taken + ": "), err.toString());
        assertEquals(ExitCode.USAGE, run("doc", garden(), "-o", taken.resolve("below")));
        assertEquals("mine", Files.readString(taken));
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void librariesThatAreNamedHavePagesToo() throws IOException {
        Path blocks = Files.createDirectories(folder.resolve("house/META-INF/nn/house"));
        Files.writeString(blocks.resolve("pot.nn"), POT);
        Path to = folder.resolve("site");
        assertEquals(ExitCode.OK, run("doc", "--library", folder.resolve("house"), "-o", to), err.toString());
        assertTrue(Files.readString(to.resolve("house.pot.html")).contains("<section id=\"Pot\">"));
        assertTrue(Files.readString(to.resolve("index.html")).contains("std.dense.html#Dense"));
    }

    @Test
    void aFolderIsLeftWithThePagesAlone() throws IOException {
        Path to = Files.createDirectories(folder.resolve("site"));
        Files.writeString(to.resolve("notes.txt"), "mine");
        assertEquals(ExitCode.OK, run("doc", garden(), "-o", to), err.toString());
        assertEquals(ExitCode.OK, run("doc", garden(), "-o", to), err.toString());
        try (Stream<Path> all = Files.list(to)) {
            assertEquals(List.of("garden.html", "index.html", "notes.txt", "pot.html"), all.map(p -> p.getFileName().toString()).sorted().toList());
        }
    }
}
