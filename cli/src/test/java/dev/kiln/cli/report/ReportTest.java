package dev.kiln.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.ExitCode;
import dev.kiln.cli.Main;
import dev.kiln.testkit.Golden;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String NET = """
            network Small {
              in x: f32[N, 15]
              hidden = x |> Dense(17) |> relu |> Dropout(0.5)
              same = hidden * 1
              out probability = softmax(same |> Dense(3))
            }
            train Small {
              in t: i32[N]
              loss mean(probability)
              optimizer SGD(lr: 0.1)
              data csv("rows.csv", batch: 4) { x = columns(0..14)  t = column(15) }
            }
            """;

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String text, String... options) throws IOException {
        String[] all = new String[options.length + 2];
        all[0] = "report";
        all[1] = Files.writeString(folder.resolve("small.nn"), text).toString();
        System.arraycopy(options, 0, all, 2, options.length);
        return Main.run(new PrintWriter(out), new PrintWriter(err), all);
    }

    private String text(String text, String... options) throws IOException {
        assertEquals(ExitCode.OK, run(text, options), err.toString());
        return out.toString();
    }

    @Test
    void linesSayWhatRunsTogether() throws IOException {
        Golden.assertGolden("report/small.fusion.txt", text(NET, "--bind", "N=32"));
    }

    @Test
    void memorySaysWhoLivesWhen() throws IOException {
        Golden.assertGolden("report/small.memory.txt", text(NET, "--bind", "N=32", "--memory"));
    }

    @Test
    void scheduleShowsTheStepsAndTheHeightThatIsChosen() throws IOException {
        Golden.assertGolden("report/small.schedule.txt", text(NET, "--bind", "N=32", "--schedule"));
        assertTrue(text(NET, "--bind", "N=1", "--schedule").contains("1x32"), out.toString());
    }

    @Test
    void everyEntryHasAReport() throws IOException {
        assertTrue(text(NET.replace("in t: i32[N]\n", "in t: i32[N]\n  metric mean(probability)\n"), "--entry", "train", "--memory", "--schedule", "--fusion").startsWith("Small.train for N = 1"), out.toString());
        assertTrue(out.toString().contains("small.nn:11  optimizer SGD(lr: 0.1)"), out.toString());
    }

    @Test
    void rulesAreSaidThatKeepKernelsApart() throws IOException {
        String text = text(NET, "--entry", "train", "--bind", "N=17");
        for (String rule : new String[] {"many-readers", "whole-operand", "tile-end", "column-sum", "between"}) assertTrue(text.contains("apart by " + rule), rule + "\n" + text);
        assertTrue(text.contains("column-sum         a sum over columns is known only after the last row\n"), text);
    }

    @Test
    void aLineOfWhichNothingIsLeftSaysSo() throws IOException {
        String text = text("""
                network Folded {
                  in x: f32[N, 16]
                  y = reshape(x, N, 4, 4)
                  out z = reshape(y, N, 16) + 1
                }
                """);
        assertTrue(text.contains("small.nn:3  y = reshape(x, N, 4, 4)\n    nothing is left of it to compute"), text);
    }

    @Test
    void loopsCountTheirRuns() throws IOException {
        String net = """
                network Loop {
                  in x: f32[N, T, 15]
                  out y = x |> scan(RNN(16))
                }
                """;
        assertTrue(text(net, "--schedule", "--bind", "T=7").contains("loop, 7 times, to step"), out.toString());
        assertTrue(text(net, "--memory", "--bind", "T=7").contains("with each T"), out.toString());
    }

    @Test
    void chainsNeedRoomForOneBlockOnly() throws IOException {
        String net = """
                network Deep {
                  in x: f32[N, 4, 32, 32]
                  out y = x |> Conv2d(8, pad: same) |> relu |> Conv2d(8, pad: same) |> relu |> MaxPool2d(2)
                }
                """;
        assertTrue(text(net, "--memory", "--schedule", "--bind", "N=1024").contains(" rows at a time, to step "), out.toString());
        assertTrue(out.toString().contains("values marked # have room for "), out.toString());
        assertFalse(text(net, "--memory", "--bind", "N=1").split("Deep.predict", -1)[2].contains("values marked #"), out.toString());
    }

    @Test
    void mistakesAreOneSentence() throws IOException {
        assertEquals(ExitCode.USAGE, run(NET, "--entry", "predicts"));
        assertTrue(err.toString().contains("Small has no entry predicts; it has predict, "), err.toString());
        assertEquals(ExitCode.USAGE, run(NET, "--bind", "M=3"));
        assertTrue(err.toString().contains("has no symbolic dim M; there is [N]"), err.toString());
        assertEquals(ExitCode.PROBLEMS, run(NET.replace("Dense(17)", "Dense(0)")));
        assertTrue(err.toString().contains("small.nn:3:"), err.toString());
        assertEquals(ExitCode.USAGE, run("fn one() -> f32 = 1\n"));
        assertEquals(ExitCode.USAGE, Main.run(new PrintWriter(out), new PrintWriter(err), "report", "nowhere.nn"));
        assertTrue(err.toString().endsWith("error: there is no file nowhere.nn\n"), err.toString());
        assertFalse(err.toString().contains("\tat "), err.toString());
    }

    @Test
    void sizesThatTheNetworkRefusesAreRefused() throws IOException {
        assertEquals(ExitCode.USAGE, run("""
                network Picture {
                  in x: f32[N, 1, H, W]
                  out y = x |> Conv2d(2, kernel: 5)
                }
                """));
        assertTrue(err.toString().contains("does not work on N = 1, H = 1, W = 1"), err.toString());
    }
}
