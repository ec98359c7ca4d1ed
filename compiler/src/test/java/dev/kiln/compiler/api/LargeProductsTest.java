package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.runtime.Strips;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Products whose matrix no near cache holds, of rows that lie 4 KB apart: groups of strips, the last one smaller, over several chunks of columns.
class LargeProductsTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 12, 127, 128, 129, 200, 261})
    void rowsOfTheCaller(int rows) {
        var a = new Agreement().size("M", rows);
        a.out("y", Cells.product(a.graph(), a.input("x", "M", 1024), a.param("W", 1024, 300)));
        assertTrue(a.schedule().contains("crowded height{M}") && a.schedule().contains("group = "), a.schedule());
        a.check();
    }

    /// The same matrix in front of rows that lie apart, and fewer columns than a chunk.
    @ParameterizedTest
    @ValueSource(ints = {1, 13, 192, 193, 211})
    void oneChunk(int rows) {
        var a = new Agreement().size("M", rows);
        a.out("y", Cells.product(a.graph(), a.input("x", "M", 3000), a.param("W", 3000, 100)));
        assertTrue(!a.schedule().contains("crowded") && a.schedule().contains("group = "), a.schedule());
        a.check();
    }

    @Test
    void crowdedRowsAreCutLowerWhereThatIsNoDetour() {
        assertEquals(12, Strips.height(1024));
        assertEquals(8, Strips.crowded(1024));
        assertEquals(12, Strips.crowded(12));
        assertEquals(8, Strips.crowded(8));
        assertEquals(1, Strips.crowded(1));
    }
}
