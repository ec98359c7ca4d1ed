package dev.kiln.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.bench.Contender.Role;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FiguresTest {
    @Test
    void theMedianOfAnEvenNumberLiesBetween() {
        assertEquals(2.5, new Samples(List.of(4.0, 1.0, 3.0, 2.0)).median());
        assertEquals(3.0, new Samples(List.of(9.0, 3.0, 1.0)).median());
    }

    @Test
    void theSpreadIsOfTheMiddleHalf() {
        assertEquals(2.0 / 3, new Samples(List.of(1.0, 2.0, 3.0, 4.0, 100.0)).spread(), 1e-12);
    }

    @Test
    void resultsThatAreOffOrNoNumbersDoNotAgree() {
        assertTrue(Comparison.of(new float[] {1.00001f, -2}, new float[] {1, -2}).agrees());
        assertFalse(Comparison.of(new float[] {1.001f, -2}, new float[] {1, -2}).agrees());
        assertFalse(Comparison.of(new float[] {Float.NaN}, new float[] {1}).agrees());
        assertThrows(IllegalArgumentException.class, () -> Comparison.of(new float[1], new float[2]));
    }

    @Test
    void ratioAndPercentAreOfTheSameRun() {
        var figures = new Figures("fake", 1, List.of(measured(Role.OURS, 4.0, 5.0, 6.0), measured(Role.PEER, 7.5), measured(Role.PEER, 8.0), measured(Role.PEAK, 4.0)));
        assertEquals(1.5, figures.rows().getFirst().ratio());
        assertEquals(80, figures.rows().getFirst().percent());
        assertEquals(List.of("PEAK fake 512 80.0", "RATIO fake 1 1.500"), figures.verdicts());
    }

    @Test
    void anEarlierVersionIsComparedWithOursAndIsNoPeer() {
        var figures = new Figures("fake", 1, List.of(measured(Role.OURS, 4.0), measured(Role.EARLIER, 5.0), measured(Role.PEER, 6.0)));
        assertEquals(1.2, figures.rows().get(1).ratio());
        assertEquals(List.of("RATIO fake 1 1.500", "BEFORE fake 1 1.250"), figures.verdicts());
        assertEquals(List.of(), new Figures("fake", 1, List.of(measured(Role.OURS, 4.0))).verdicts());
    }

    @Test
    void thePeakOfTwoThreadsIsTwoPeaks() {
        var figures = new Figures("fake", 2, List.of(measured(Role.OURS, 2.5), measured(Role.PEAK, 4.0)));
        assertEquals(List.of("PEAK fake 512 80.0"), figures.verdicts());
    }

    @Test
    void aPeakAloneIsItsOwnMeasure() {
        assertEquals(List.of("PEAK peak512 512 100.0"), new Figures("peak512", 1, List.of(measured(Role.PEAK, 4.0))).verdicts());
    }

    @Test
    void aWrongResultIsNotMeasured() {
        Settings settings = Settings.of(Path.of("."), List.of());
        var item = new SideBySide("fake", _ -> List.of(new Fake(Role.OURS, 2), new Fake(Role.PEER, 1)));
        assertThrows(BenchException.class, () -> item.measure(settings));
    }

    @Test
    void theCommandLineIsUnderstoodOrRefused() {
        Settings settings = Settings.of(Path.of("."), List.of("mlp.*", "--threads", "2", "--rounds", "7"));
        assertTrue(settings.items().matcher("mlp_b1").matches());
        assertEquals(2, settings.threads());
        assertEquals(7, settings.rounds());
        assertEquals(Optional.of(Path.of("jars")), Settings.of(Path.of("."), List.of("--before", "jars")).before());
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Path.of("."), List.of("--threads")));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Path.of("."), List.of("a", "b")));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Path.of("."), List.of("(")));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(Path.of("."), List.of("--threads", "2", "--clock", "cpu")));
    }

    private static Figures.Measured measured(Role role, Double... seconds) {
        return new Figures.Measured(new Fake(role, 1), new Samples(List.of(seconds)));
    }

    /// Gives a number.
    record Fake(Role role, float result) implements Contender {
        @Override
        public String name() {
            return "fake";
        }

        @Override
        public int width() {
            return role == Role.PEER ? 0 : 512;
        }

        @Override
        public double flops() {
            return 1;
        }

        @Override
        public void run() {}

        @Override
        public float[] output() {
            return new float[] {result};
        }

        @Override
        public void close() {}
    }
}
