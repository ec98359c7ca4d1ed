package dev.kiln.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.source.Explanations;
import dev.kiln.runtime.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandTest {
    private static final String LINE = """
            network Line {
              in x: f32[N, 3]
              out y = x |> Dense(2)
            }

            train Line {
              in t: f32[N, 2]
              loss mse(y, t)
              optimizer SGD(lr: 0.1)
              data csv("rows.csv", batch: 4) { x = columns(0..2)  t = columns(3..4) }
            }

            test "relu cuts" { expect relu(-1) near 0 within 1e-9 }
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    }

    private String file(String text) throws IOException {
        return Files.writeString(folder.resolve("line.nn"), text).toString();
    }

    @Test
    void soundFileHasNoProblems() throws IOException {
        assertEquals(ExitCode.OK, run("check", file(LINE)));
        assertTrue(out.toString().endsWith("line.nn: no problems\n"), out.toString());
    }

    @Test
    void allProblemsAreReportedAtTheirPlaces() throws IOException {
        assertEquals(ExitCode.PROBLEMS, run("check", file(LINE.replace("Dense(2)", "Dense(0)").replace("SGD", "SDG"))));
        assertTrue(out.toString().contains("line.nn:3:"), out.toString());
        assertTrue(out.toString().contains("line.nn:9:"), out.toString());
        assertTrue(out.toString().endsWith("2 problems\n"), out.toString());
    }

    @Test
    void missingFileIsOneSentenceAndCodeTwo() {
        assertEquals(ExitCode.USAGE, run("check", "nowhere.nn"));
        assertEquals("error: there is no file nowhere.nn\n", err.toString());
    }

    @Test
    void wrongCommandsAreUsageErrors() {
        assertEquals(ExitCode.USAGE, run());
        assertEquals(ExitCode.USAGE, run("chek"));
        assertEquals(ExitCode.USAGE, run("dump", "x.nn"));
        assertTrue(err.toString().contains("kiln check"), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void sizesBelowZeroAndWhatIsNoLibraryAreRefused() throws IOException {
        String source = file(LINE);
        assertEquals(ExitCode.USAGE, run("report", source, "--bind", "N=-3"));
        assertTrue(err.toString().contains("N=-3"), err.toString());
        assertEquals(ExitCode.USAGE, run("summary", source, "--bind", "N=-3"));
        assertEquals(ExitCode.OK, run("report", source, "--bind", "N=0"));
        assertFalse(out.toString().contains("NaN"), out.toString());
        assertEquals(ExitCode.USAGE, run("check", "--library", source, source));
        assertTrue(err.toString().contains("is no jar"), err.toString());
    }

    @Test
    void summaryCountsParameters() throws IOException {
        assertEquals(ExitCode.OK, run("summary", file(LINE), "--bind", "N=5"));
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("y\\.dense_1 +f32\\[N, 2] +8 +.*")), out.toString());
        assertTrue(out.toString().contains("for N = 5"), out.toString());
    }

    @Test
    void summaryNamesWhatHasNoAxisForTheVector() throws IOException {
        assertEquals(ExitCode.OK, run("summary", file("""
                network Echo {
                  in x: f32[N, 9]
                  echo[t < 5] = sum(x[n, t + u] * x[n, t + 2 * u] over n, u < 3)
                  y[n, t < 5] = x[n, t] + echo[t]
                  out y
                }
                """)));
        assertTrue(out.toString().contains("slow: line.nn:3 echo has no axis for the vector, it is computed one element at a time\n"), out.toString());
        run("summary", file(LINE));
        assertEquals(1, out.toString().split("slow:", -1).length - 1, out.toString());
    }

    @Test
    void summaryOfAnOpenDimIsAFormula() throws IOException {
        assertEquals(ExitCode.OK, run("summary", file(LINE)));
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("y\\.dense_1 +f32\\[N, 2] +8 +\\d+·N +8 B·N")), out.toString());
        assertTrue(out.toString().lines().noneMatch(line -> line.contains("N = ")), out.toString());
    }

    @Test
    void unknownDimIsRefused() throws IOException {
        assertEquals(ExitCode.USAGE, run("summary", file(LINE), "--bind", "M=5"));
        assertTrue(err.toString().contains("symbolic dim M"), err.toString());
    }

    @Test
    void testsOfTheFileRun() throws IOException {
        assertEquals(ExitCode.OK, run("test", file(LINE)));
        assertTrue(out.toString().endsWith("1 tests, 0 failed\n"), out.toString());
        assertEquals(ExitCode.PROBLEMS, run("test", file(LINE.replace("near 0 ", "near 1 "))));
        assertTrue(out.toString().contains("line.nn:13:20: expected 1.00000000 within 1.0E-9, found 0.00000000"), out.toString());
    }

    @Test
    void gradientOfANetworkAgreesWithDifferences() throws IOException {
        assertEquals(ExitCode.OK, run("gradcheck", file(LINE)));
        assertEquals(3, out.toString().lines().filter(line -> line.startsWith("  ok")).count(), out.toString());
    }

    @Test
    void formattingIsStable() throws IOException {
        String path = file(LINE.replace("  in x", "      in   x"));
        assertEquals(ExitCode.PROBLEMS, run("fmt", "--check", path));
        assertEquals(ExitCode.OK, run("fmt", path));
        assertEquals(ExitCode.OK, run("fmt", "--check", path));
        assertEquals(LINE, Files.readString(Path.of(path)));
    }

    /// A jar carries all files it was made of: where it is evaluated, they need not be.
    @Test
    void jarOfTwoFilesIsEvaluatedAlone() throws IOException {
        Files.createDirectory(folder.resolve("parts"));
        Path part = Files.writeString(folder.resolve("parts/pair.nn"), "use ./half.{Half}\nlayer Pair()(x: f32[N, C]) -> f32[N, 2] { return x |> Half(1) }\n");
        Path half = Files.writeString(folder.resolve("parts/half.nn"), "layer Half(times: int)(x: f32[N, C]) -> f32[N, 2 * times] { return x |> Dense(2 * times) }\n");
        String source = file("use ./parts/pair.{Pair}\n" + LINE.replace("Dense(2)", "Pair()"));
        Path jar = folder.resolve("line.jar");
        assertEquals(ExitCode.OK, run("compile", source, "-o", jar.toString()), err.toString());
        for (Path gone : List.of(part, half, Path.of(source))) Files.delete(gone);
        Path rows = Files.writeString(folder.resolve("rows.csv"), "1,2,3,0,0\n4,5,6,0,1\n");
        assertEquals(ExitCode.OK, run("evaluate", jar.toString(), "--data", rows.toString()), err.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("loss [0-9.]+")), out.toString());
    }

    @Test
    void profileTellsTheTimeOfEachLine() throws IOException {
        String jar = folder.resolve("line.jar").toString();
        assertEquals(ExitCode.OK, run("compile", file(LINE), "-o", jar), err.toString());
        Path events = folder.resolve("steps.jfr");
        assertEquals(ExitCode.OK, run("profile", jar, "--bind", "N=5", "--width", "1", "--rounds", "1", "--jfr", events.toString()), err.toString());
        assertTrue(out.toString().lines().anyMatch(line -> line.matches("line.nn:3 +[0-9]+ .* us .* %.*[0-9.]+ .* %")), out.toString());
        assertTrue(RecordingFile.readAllEvents(events).stream().anyMatch(e -> e.getEventType().getName().equals("dev.kiln.Step") && e.getString("place").equals("line.nn:3")));
        assertEquals(ExitCode.OK, run("profile", jar, "--train", "--width", "1", "--rounds", "2", "--steps"), err.toString());
        assertTrue(out.toString().contains(" optimizer  line.nn:9"), out.toString());
        assertEquals(ExitCode.USAGE, run("profile", jar, "--bind", "M=5"));
        assertEquals(ExitCode.USAGE, run("profile", jar, "--width", "100"));
    }

    @Test
    void everyKindOfProblemIsExplained() {
        for (String code : Explanations.codes()) {
            assertEquals(ExitCode.OK, run("explain", code), code);
        }
        assertEquals(ExitCode.USAGE, run("explain", "NoSuchThing"));
    }

    @Test
    void listOfStagesStandsInTheHelp() {
        assertEquals(ExitCode.OK, run("dump", "--help"));
        assertTrue(out.toString().replaceAll("\\s+", " ").contains("parse, check, differentiate, simplify, normalise, group, layout, schedule, memory, emit, pack"), out.toString());
    }

    @Test
    void aTrainingInTwoPartsHasTheBitsOfAnUnbrokenOne() throws IOException {
        var rows = new StringBuilder();
        for (int i = 0; i < 40; i++) rows.append("%d,%d,%d,%d,%d\n".formatted(i % 7, i % 5, i % 3, i % 4, i % 2));
        Files.writeString(folder.resolve("rows.csv"), rows);
        String source = file(LINE.replace("x |> Dense(2)", "x |> Dense(5) |> Dropout(0.3) |> Dense(2)").replace("SGD(lr: 0.1)", "Adam(lr: cosine(peak: 1e-2, steps: 30))\n  validate 0.2"));
        String whole = folder.resolve("whole.jar").toString();
        String parts = folder.resolve("parts.jar").toString();
        String state = folder.resolve("state").toString();
        assertEquals(ExitCode.OK, run("train", source, "--epochs", "4", "-o", whole), err::toString);
        assertEquals(ExitCode.OK, run("train", source, "--epochs", "2", "--checkpoint", state, "-o", parts), err::toString);
        assertEquals(ExitCode.OK, run("train", source, "--epochs", "4", "--checkpoint", state, "-o", parts), err::toString);
        assertEquals(-1, Files.mismatch(Path.of(whole), Path.of(parts)));
        assertEquals(ExitCode.PROBLEMS, run("train", source, "--epochs", "4", "--checkpoint", state, "--seed", "7", "-o", parts));
        assertTrue(err.toString().contains("--seed 1"), err.toString());
    }

    @Test
    void healthIsToldAndRatesAreTried() throws IOException {
        var rows = new StringBuilder();
        for (int i = 0; i < 40; i++) rows.append("%d,%d,%d,%d,%d\n".formatted(i % 7, i % 5, i % 3, i % 4, i % 2));
        Files.writeString(folder.resolve("rows.csv"), rows);
        String source = file(LINE);
        Path jar = folder.resolve("tried.jar");
        assertEquals(ExitCode.OK, run("train", source, "--find-rate", "-o", jar.toString()), err::toString);
        assertTrue(out.toString().contains("a good rate is about"), out.toString());
        assertFalse(Files.exists(jar));
        assertEquals(ExitCode.USAGE, run("train", source, "--find-rate", "--health", "-o", jar.toString()));
        assertEquals(ExitCode.USAGE, run("train", source, "--find-rate", "--checkpoint", folder.resolve("kept").toString(), "-o", jar.toString()));
        assertEquals(ExitCode.USAGE, run("train", file(LINE.replace("optimizer", "accumulate 2  optimizer")), "--find-rate", "-o", jar.toString()));
        assertTrue(err.toString().contains("one update of 2 batches"), err.toString());
        file(LINE);
        assertEquals(ExitCode.OK, run("train", source, "--epochs", "2", "--health", "-o", jar.toString()), err::toString);
        assertTrue(out.toString().contains("y.dense_1.W"), out.toString());
        assertTrue(Files.exists(jar));
    }

    @Test
    void aTextIsLearnedAndItsVocabularyTravelsInTheJar() throws IOException {
        Files.writeString(folder.resolve("book.txt"), "abcd".repeat(200));
        String source = file("""
                const letters = vocabulary(text("book.txt"), split: characters)
                network Line {
                  in letter: i32[N, T]
                  out logits = letter |> Embedding(letters.size, 3) |> scan(GRU(8)) |> Dense(letters.size)
                }
                train Line {
                  in next: i32[N, T]
                  loss cross_entropy(logits, next)
                  optimizer Adam(lr: 0.03)
                  epochs 10
                  validate 0.1
                  data text("book.txt", letters, window: 7, batch: 8) { letter = columns(0..6)  next = columns(1..7) }
                }
                """);
        String jar = folder.resolve("text.jar").toString();
        assertEquals(ExitCode.OK, run("train", source, "-o", jar), () -> out.toString() + err);
        assertTrue(out.toString().contains("102 rows to train on, 12 held back"), out.toString());
        List<String> history = Files.readAllLines(folder.resolve("text.csv"));
        assertTrue(Double.parseDouble(history.getLast().split(",", -1)[4]) < 0.3, history::getLast);
        try (Network network = Network.open(Path.of(jar))) {
            assertEquals(List.of("a", "b", "c", "d"), network.model().vocabulary("letters").pieces());
        }
        Files.delete(folder.resolve("line.nn"));
        assertEquals(ExitCode.OK, run("evaluate", jar, "--data", folder.resolve("book.txt").toString()), () -> out.toString() + err);
    }

    @Test
    void linesOfTextAreLearnedFromAndPredictedFor() throws IOException {
        Files.writeString(folder.resolve("rows.tsv"), "text\tkind\n" + "aab\tone\nb\ttwo\nbb\ttwo\nba\tone\n".repeat(12));
        String source = file("""
                const letters = vocabulary(tsv("rows.tsv"), column: "text", split: characters)
                const kinds   = vocabulary(tsv("rows.tsv"), column: "kind", split: spaces)
                network Line {
                  in text: text[N]
                  h = encode(text, letters) |> Embedding(letters.size, 4) |> scan(GRU(4))
                  most[n, e] = max(h[n, t, e] over t)
                  logits = most |> Dense(kinds.size)
                  out kind = decode(argmax(logits), kinds)
                }
                train Line {
                  in known: i32[N]
                  in again: i32[N, T~len]
                  loss cross_entropy(logits, known)
                  metric mean(f32(again))
                  optimizer Adam(lr: 0.05)
                  epochs 12
                  validate 0.1
                  data tsv("rows.tsv", batch: 8) { text = column("text")  known = encode(column("kind"), kinds)  again = encode(column("text"), letters) }
                }
                """);
        Path jar = folder.resolve("text.jar");
        assertEquals(ExitCode.OK, run("train", source, "-o", jar.toString()), () -> out.toString() + err);
        assertEquals(ExitCode.OK, run("evaluate", jar.toString(), "--data", folder.resolve("rows.tsv").toString()), () -> out.toString() + err);
        Files.writeString(folder.resolve("lines.txt"), "abab\nbbb\n");
        out.getBuffer().setLength(0);
        assertEquals(ExitCode.OK, run("run", jar.toString(), "--input", "text=" + folder.resolve("lines.txt")), () -> out.toString() + err);
        assertEquals("one\ntwo\n", out.toString());
    }

    @Test
    void theDataAreNeverOverwritten() throws IOException {
        String rows = "1,2,3,4,5\n".repeat(9);
        Files.writeString(folder.resolve("rows.csv"), rows);
        assertEquals(ExitCode.USAGE, run("train", file(LINE), "-o", folder.resolve("rows.jar").toString()));
        assertTrue(err.toString().contains("give another name with -o"), err.toString());
        assertEquals(rows, Files.readString(folder.resolve("rows.csv")));
    }

    /// A jar of someone else: a file that uses the one beside it, and one that is wrong.
    @Test
    void librariesAreFoundInJars() throws IOException {
        Path jar = folder.resolve("house.jar");
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (var file : Map.of(
                    "blocks", "use ./base.{Half}\nlayer Pair()(x: f32[N, C]) -> f32[N, 2] { return x |> Half(1) }\n",
                    "base", "layer Half(times: int)(x: f32[N, C]) -> f32[N, 2 * times] { require times < 5 : \"at most 4, got {times}\"  return x |> Dense(2 * times) }\n",
                    "broken", "layer Wrong(\n").entrySet()) {
                zip.putNextEntry(new ZipEntry("META-INF/nn/house/" + file.getKey() + ".nn"));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
            zip.putNextEntry(new ZipEntry("META-INF/nn/"));
        }
        String source = file("use house.blocks.{Pair}\n" + LINE.replace("Dense(2)", "Pair"));
        assertEquals(ExitCode.OK, run("check", "--library", jar.toString(), source), out + err.toString());
        assertEquals(ExitCode.OK, run("gradcheck", source, "--library", jar.toString()), out + err.toString());
        assertEquals(ExitCode.PROBLEMS, run("check", source));
        assertTrue(out.toString().contains("FileNotFound"), out.toString());
        assertEquals(ExitCode.PROBLEMS, run("check", "--library", jar.toString(), file("use house.base.{Half, Hall}\n" + LINE.replace("Dense(2)", "Half(7)"))));
        assertTrue(out.toString().contains("at most 4, got 7") && out.toString().contains("NotInFile"), out.toString());
        assertEquals(ExitCode.PROBLEMS, run("check", "--library", jar.toString(), file("use house.broken.{Wrong}\n" + LINE)));
        assertTrue(out.toString().contains("house/broken.nn:"), out.toString());
        assertEquals(ExitCode.USAGE, run("check", "--library", "nowhere.jar", source));
    }
}
