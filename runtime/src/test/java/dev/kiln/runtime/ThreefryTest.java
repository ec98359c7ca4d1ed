package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ThreefryTest {
    /// The known answers that Random123 publishes for threefry2x32 with 13 rounds.
    @Test
    void agreesWithThePublishedAnswers() {
        check(0, 0, 0, 0, 0x9d1c5ec6, 0x8bd50731);
        check(-1, -1, -1, -1, 0xfd36d048, 0x2d17272c);
        check(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xba3e4725, 0xf27d669e);
    }

    private static void check(int k0, int k1, int c0, int c1, int word0, int word1) {
        assertEquals(Integer.toHexString(word0), Integer.toHexString(Threefry.word0(k0, k1, c0, c1)));
        assertEquals(Integer.toHexString(word1), Integer.toHexString(Threefry.word1(k0, k1, c0, c1)));
    }

    /// The published answers of 32-bit FNV-1a.
    @Test
    void placesAreHashedByFnv1a() {
        assertEquals(0x811c9dc5, Threefry.place(""));
        assertEquals(0xe40c292c, Threefry.place("a"));
        assertEquals(0xbf9cf968, Threefry.place("foobar"));
    }

    @Test
    void everyPartOfTheKeyCounts() {
        int key = Threefry.key0(1, 1, 1);
        assertNotEquals(key, Threefry.key0(2, 1, 1));
        assertNotEquals(key, Threefry.key0(1 + (1L << 32), 1, 1));
        assertNotEquals(key, Threefry.key0(1, 2, 1));
        assertNotEquals(key, Threefry.key0(1, 1, 2));
        assertNotEquals(key, Threefry.key1(1, 1, 1));
    }

    @Test
    void uniformNumbersFillTheUnitInterval() {
        int key0 = Threefry.key0(7, 0, Threefry.place("mask"));
        int key1 = Threefry.key1(7, 0, Threefry.place("mask"));
        int[] histogram = new int[16];
        for (int e = 0; e < 160_000; e++) {
            float u = Threefry.uniform(key0, key1, e);
            assertTrue(u >= 0 && u < 1);
            histogram[(int) (u * 16)]++;
        }
        for (int count : histogram) assertEquals(10_000, count, 400);
    }

    @Test
    void theLargestWordStaysBelowOne() {
        assertEquals(0x1.fffffep-1f, Threefry.unit(-1));
        assertEquals(0f, Threefry.unit(255));
    }
}
