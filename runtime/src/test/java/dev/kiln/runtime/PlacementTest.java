package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class PlacementTest {
    record Slot(int size, int first, int last) {
        boolean meets(Slot o) {
            return first <= o.last && o.first <= last;
        }
    }

    @Provide
    Arbitrary<List<Slot>> slots() {
        return Combinators.combine(Arbitraries.integers().between(0, 200), Arbitraries.integers().between(0, 20), Arbitraries.integers().between(0, 6))
                .as((size, first, length) -> new Slot(size, first, first + length)).list().ofMaxSize(40);
    }

    @Property
    void buffersThatLiveTogetherDoNotOverlap(@ForAll("slots") List<Slot> slots) {
        int[] b = new int[2 * slots.size()];
        int end = place(b, slots);
        for (int i = 0; i < slots.size(); i++) {
            int begin = b[2 * i + 1], size = slots.get(i).size;
            assertEquals(12, begin % 16);
            assertTrue(begin + size <= end);
            for (int j = 0; j < i; j++) {
                if (slots.get(i).meets(slots.get(j))) assertTrue(begin + size <= b[2 * j + 1] || b[2 * j + 1] + slots.get(j).size <= begin);
            }
        }
    }

    private static int place(int[] b, List<Slot> slots) {
        int[] facts = new int[4 * slots.size()];
        for (int i = 0; i < slots.size(); i++) {
            b[2 * i] = slots.get(i).size;
            System.arraycopy(new int[] {2 * i, slots.get(i).first, slots.get(i).last, 2 * i + 1}, 0, facts, 4 * i, 4);
        }
        return Placement.place(b, facts);
    }

    @Test
    void aChainNeedsTheTwoLargestNeighbours() {
        assertEquals(12 + 128 + 32, place(new int[8], List.of(new Slot(32, 0, 1), new Slot(16, 1, 2), new Slot(128, 2, 3), new Slot(32, 3, 4))));
        assertEquals(12, place(new int[0], List.of()));
    }

    @Test
    void anArenaBeyondOneArrayIsRefused() {
        assertThrows(ArithmeticException.class, () -> place(new int[2], List.of(new Slot(Integer.MAX_VALUE, 0, 0))));
        assertThrows(ArithmeticException.class, () -> place(new int[2], List.of(new Slot(-1, 0, 0))));
        assertThrows(ArithmeticException.class, () -> place(new int[4], List.of(new Slot(600_000_000, 0, 0), new Slot(600_000_000, 0, 0))));
    }
}
