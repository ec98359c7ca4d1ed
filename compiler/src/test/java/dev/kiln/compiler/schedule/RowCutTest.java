package dev.kiln.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.type.Dim;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowCutTest {
    @Test
    void stripsCoverEveryRowOnce() {
        for (int rows = 1; rows < 500; rows++) {
            var cut = new RowCut(rows, RowCut.TALLEST);
            assertEquals(rows, cut.high() * cut.height() + cut.low() * (cut.height() - 1));
            int next = 0;
            for (int strip = 0; strip < cut.strips(); strip++) {
                int low = value(cut.isLow(IndexExpr.number(strip)));
                assertEquals(next, value(cut.first(IndexExpr.number(strip))));
                assertEquals(strip < cut.high() ? 0 : 1, low);
                next += cut.height() - low;
            }
            assertEquals(rows, next);
        }
    }

    private static int value(IndexExpr e) {
        return ((IndexExpr.Constant) e).value();
    }

    /// 49 pixels of each image take five strips of ten and nine; one row of each of some samples, or thirteen, is better cut together.
    @Test
    void partsAreCutAloneWhereThatCostsLittle() {
        var n = Dim.variable("N");
        assertEquals(Optional.of(new RowCut(49, 12)), RowCut.ofEachPart(n.times(49), 12));
        assertEquals(Optional.of(new RowCut(24, 12)), RowCut.ofEachPart(n.times(48).plus(24), 12));
        assertEquals(Optional.of(new RowCut(49, 7)), RowCut.ofEachPart(n.times(49), 7));
        IntStream.of(1, 7, 13, 16).forEach(rows -> assertTrue(RowCut.ofEachPart(n.times(rows), 12).isEmpty(), rows + " rows"));
        assertTrue(RowCut.ofEachPart(n.times(49).plus(1), 12).isEmpty());
    }
}
