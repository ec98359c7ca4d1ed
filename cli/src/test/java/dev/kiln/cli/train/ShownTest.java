package dev.kiln.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ShownTest {
    private static Scores scores(double loss, double accuracy) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("loss", loss);
        values.put("accuracy", accuracy);
        return new Scores(values);
    }

    private static List<Epoch> history() {
        return List.of(
                new Epoch(1, scores(1.5, 0.5), Optional.of(scores(1.2, 0.6)), 2.5, true),
                new Epoch(2, scores(0.5, 0.9), Optional.of(scores(0.7, 0.8)), 2.25, true),
                new Epoch(3, scores(0.25, 0.95), Optional.of(scores(0.75, 0.8)), 2, false));
    }

    @Test
    void barNeverOutgrowsTheTerminal() {
        for (int columns : new int[] {1, 20, 60, 80, 200}) {
            long[] clock = {0};
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            BarProgress bar = new BarProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> columns, () -> clock[0]);
            bar.begins(3, 15, 1000);
            clock[0] = 2_000_000_000L;
            bar.advanced(620, scores(0.1234, 0.9621));
            String line = out.toString(StandardCharsets.UTF_8).replaceAll("\r\u001b\\[2K", "");
            assertTrue(line.length() < Math.max(columns, 2), columns + ": " + line);
        }
    }

    @Test
    void barShowsWhereItStands() {
        long[] clock = {0};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BarProgress bar = new BarProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 120, () -> clock[0]);
        bar.begins(3, 4, 1000);
        clock[0] = 2_000_000_000L;
        bar.advanced(500, scores(0.1234, 0.9621));
        String line = out.toString(StandardCharsets.UTF_8);
        assertTrue(line.contains("epoch 3/4 ━━━━━━━━━━━━━━━───────────────  50%  loss 0.1234  accuracy 0.9621  250 rows/s  0:06 left"), line);
    }

    @Test
    void barRedrawsTenTimesASecondAtMost() {
        long[] clock = {0};
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BarProgress bar = new BarProgress(new PrintStream(out, true, StandardCharsets.UTF_8), () -> 80, () -> clock[0]);
        bar.begins(1, 1, 1000);
        for (int i = 0; i < 1000; i++) {
            clock[0] += 1_000_000;
            bar.advanced(1, scores(1, 0));
        }
        long drawn = out.toString(StandardCharsets.UTF_8).chars().filter(c -> c == '\r').count();
        assertTrue(drawn >= 9 && drawn <= 11, drawn + " drawings in a second");
    }

    @Test
    void historyIsATable() {
        List<String> lines = MetricsCsv.of(history()).lines().toList();
        assertEquals("epoch,seconds,best,loss,accuracy,validation_loss,validation_accuracy", lines.getFirst());
        assertEquals("2,2.250,1,0.5,0.9,0.7,0.8", lines.get(2));
    }

    @Test
    void curveIsWellFormedWhateverTheTitle() throws Exception {
        for (List<Epoch> part : List.of(history(), history().subList(0, 1))) {
            String svg = Curve.of("a < b & c", part);
            var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
            assertEquals(4, document.getElementsByTagName("polyline").getLength());
        }
    }

    @Property
    void ticksEncloseTheirRange(@ForAll @DoubleRange(min = -1e3, max = 1e3) double low, @ForAll @DoubleRange(min = 0.01, max = 1e3) double span, @ForAll @IntRange(min = 2, max = 12) int most) {
        Ticks ticks = Ticks.around(low, low + span, most);
        assertTrue(ticks.low() <= low + 1e-9 && ticks.high() >= low + span - 1e-9);
        assertTrue(ticks.values().size() <= most + 3, ticks.toString());
    }
}
