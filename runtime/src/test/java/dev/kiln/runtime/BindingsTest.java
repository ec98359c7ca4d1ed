package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BindingsTest {
    private final Bindings bindings = new Bindings(new FakePredict(), 1);

    @Test
    void theSixteenUsedLastAreKept() {
        Binding zero = bindings.get(0);
        Binding one = bindings.get(1);
        for (int n = 2; n < 16; n++) bindings.get(n);
        assertSame(zero, bindings.get(0));
        bindings.get(16);
        assertSame(zero, bindings.get(0));
        assertNotSame(one, bindings.get(1));
    }

    @Test
    void aBindingKnowsItsTasksAndWhoMayShareThem() {
        Binding binding = bindings.get(17);
        assertEquals(3, binding.tasks[1]);
        assertEquals(3, binding.parts[1]);
        assertEquals(1, binding.parts[2]);
        assertEquals(12, binding.b[FakePredict.OFFSET]);
        assertEquals(12 + 80 + Weights.SLACK, binding.arena);
        assertEquals(0, bindings.get(0).tasks[1]);
    }

    @Test
    void itSaysWhatIsWorthSharingAndWhatIsWorthWakingFor() {
        var cheap = new Bindings(new FakePredict() {
            @Override
            public void derive(int[] b) {
                super.derive(b);
                b[COST] = 3_000;
            }
        }, 1);
        assertFalse(cheap.get(8).shared);
        assertEquals(1, cheap.get(8).parts[1]);
        assertTrue(cheap.get(17).shared && cheap.get(17).small);
        assertEquals(3, cheap.get(17).parts[1]);
        assertTrue(cheap.get(160).shared);
        assertFalse(cheap.get(160).small);
    }

    @Test
    void aRefusedTupleIsNotKept() {
        for (int i = 0; i < 2; i++) assertThrows(ShapeException.class, () -> bindings.get(1_500_000));
    }
}
