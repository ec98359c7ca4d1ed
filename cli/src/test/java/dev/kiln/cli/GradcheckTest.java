package dev.kiln.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.testkit.gradient.FailureFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class GradcheckTest {
    private static final String WRONG = """
            const classes: int = 3

            fn my_sigmoid(x: f32[S..]) -> f32[S..] = 1 / (1 + exp(-x)) gradient(dy) {
              s = sigmoid(x)
              return dy * s
            }

            layer Tower(units: int = 6)(x: f32[N, C]) -> f32[N, units] {
              h = x |> Dense(units) |> tanh
              return h |> Dense(units) |> my_sigmoid
            }

            network Net() {
              in x: f32[N, 5, 5]
              h = x |> flatten |> Dense(4) |> relu
              for i < 2 { h' = h |> Dense(4) |> tanh }
              out y = h |> Tower |> Dense(classes)
            }

            train Net {
              in target: f32[N, 3]
              loss mse(y, target)
              optimizer SGD(0.1)
            }
            """;
    private static final String RIGHT = WRONG.replace("return dy * s\n", "return dy * s * (1 - s)\n");

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private Path source;
    private Path kept;

    @BeforeEach
    void write() throws IOException {
        source = Files.writeString(folder.resolve("my.nn"), WRONG);
        kept = folder.resolve("failures");
    }

    private int gradcheck(String... more) {
        out.getBuffer().setLength(0);
        var arguments = new ArrayList<>(List.of("gradcheck", source.toString(), "--failures", kept.toString()));
        arguments.addAll(List.of(more));
        var writer = new PrintWriter(out);
        return Main.run(writer, writer, arguments.toArray(String[]::new));
    }

    @Test
    void theSmallestCaseOfANetworkIsKept() throws IOException {
        assertEquals(ExitCode.PROBLEMS, gradcheck());
        String text = Files.readString(kept.resolve("my_sigmoid-2.nn"));
        assertTrue(text.endsWith("""
                fn my_sigmoid(x: f32[S..]) -> f32[S..] = 1 / (1 + exp(-x)) gradient(dy) {
                  s = sigmoid(x)
                  return dy * s
                }
                network Net() {
                  in h: f32[1]
                  out y = h |> my_sigmoid
                }
                """), text);
        assertTrue(text.contains("// smallest case: h = [1.0]\n"), text);
        assertTrue(text.contains("the factor (1 - sigmoid(x)) looks missing"), text);
        assertTrue(Files.readString(kept.resolve("MySigmoid2Test.java")).contains("class MySigmoid2Test {"));
    }

    @Test
    void theSameSeedGivesTheSameFiles() throws IOException {
        gradcheck("--seed", "7");
        String first = Files.readString(kept.resolve("my_sigmoid-2.nn"));
        Path other = kept;
        kept = folder.resolve("again");
        gradcheck("--seed", "7");
        assertEquals(first, Files.readString(kept.resolve("my_sigmoid-2.nn")));
        try (var files = Files.list(other)) {
            assertEquals(4, files.count());
        }
    }

    @Test
    void whatFailedIsLookedAtFirstTheNextTime() throws IOException {
        gradcheck();
        assertEquals(ExitCode.PROBLEMS, gradcheck());
        assertTrue(out.toString().startsWith("FAIL  the gradient of my_sigmoid, kept from an earlier check"), out.toString());
        assertFalse(Files.exists(kept.resolve("my_sigmoid-3.nn")));
        Files.writeString(source, RIGHT);
        assertEquals(ExitCode.OK, gradcheck());
        assertTrue(out.toString().contains("ok    network Net, kept from an earlier check"), out.toString());
    }

    @Test
    void theGeneratedTestFollowsTheSource() throws IOException {
        gradcheck();
        Path file = kept.resolve("my_sigmoid-1.nn");
        assertThrows(AssertionError.class, () -> FailureFile.assertRight(file));
        Files.writeString(source, RIGHT);
        FailureFile.assertRight(file);
        Files.delete(source);
        assertThrows(AssertionError.class, () -> FailureFile.assertRight(file));
    }

    @Test
    void compiledCodeIsHeldAgainstDoubleLayerByLayer() throws IOException {
        Files.writeString(source, RIGHT);
        assertEquals(ExitCode.OK, gradcheck());
        assertTrue(out.toString().contains("ok    compiled code"), out.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.matches(" +\\d.\\de-\\d+ of +\\d.\\de-\\d+  h:\\d+ h.dense_1")), out.toString());
    }

    @Test
    void theReportsAreWholeAndWellFormed() throws IOException, ParserConfigurationException, SAXException {
        Path html = folder.resolve("out.html");
        Path xml = folder.resolve("out.xml");
        assertEquals(ExitCode.PROBLEMS, gradcheck("--report", html.toString(), "--junit", xml.toString()));
        String page = Files.readString(html);
        for (String part : List.of("Error of every parameter", "Float against double, layer by layer", "the factor (1 - sigmoid(x)) looks missing", "prefers-color-scheme: dark", "between the sides of a kink")) assertTrue(page.contains(part), part);
        assertFalse(page.contains("http"), "the page needs something else");
        Element suite = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile()).getDocumentElement();
        assertEquals("testsuite", suite.getTagName());
        assertEquals(suite.getAttribute("failures"), Integer.toString(suite.getElementsByTagName("failure").getLength()));
        assertEquals(suite.getAttribute("tests"), Integer.toString(suite.getElementsByTagName("testcase").getLength()));
        // what a browser closes by itself aside, the page is XML
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page.replace("<!DOCTYPE html>", "").replaceAll("<(meta[^>]*|br)>", "<$1/>"))));
    }
}
