package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
    void aRefusedTupleIsNotKept() {
        for (int i = 0; i < 2; i++) assertThrows(ShapeException.class, () -> bindings.get(1_500_000));
    }
}
