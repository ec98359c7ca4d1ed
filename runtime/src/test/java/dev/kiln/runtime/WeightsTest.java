package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
    @TempDir
    Path folder;

    private final Weights weights = Weights.initial(Fake.PARAMETERS, 1);

    @Test
    void aParameterIsReadAsItWasSet() {
        Tensor value = Fake.rows(3, 4, 2);
        long version = weights.version();
        weights.set("dense.W", value);
        assertArrayEquals(value.floats(), weights.get("dense.W").floats());
        assertEquals(version + 1, weights.version());
        assertThrows(ShapeException.class, () -> weights.set("dense.W", Fake.rows(4, 3, 2)));
        assertEquals("there is no parameter 'dense.w'", assertThrows(IllegalArgumentException.class, () -> weights.get("dense.w")).getMessage());
    }

    @Test
    void aCopyLivesOnItsOwn() {
        Weights copy = weights.copy();
        copy.set("dense.b", Tensor.of(new float[4], 4));
        assertArrayEquals(Weights.initial(Fake.PARAMETERS, 1).values, weights.values);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        refused("tensor 'dense.W': expected f32[3, 4], found nothing of this name (of the same shape: 'dense.w')", Map.of("dense.w", Fake.rows(3, 4, 1), "dense.b", Tensor.of(new float[4], 4)));
        refused("tensor 'dense.W': expected shape [3, 4], found [4, 3]", Map.of("dense.W", Fake.rows(4, 3, 1), "dense.b", Tensor.of(new float[4], 4)));
        Map<String, Tensor> more = new LinkedHashMap<>(weights.tensors(true, Map.of()).tensors());
        more.put("other", Tensor.of(new float[1]));
        refused("expected 3 tensors, found also 'other', which this network does not have", more);
    }

    private void refused(String why, Map<String, Tensor> tensors) {
        Path file = folder.resolve("w.safetensors");
        new SafeTensors(tensors, Map.of()).write(file);
        assertEquals(file + ": " + why, assertThrows(WeightsException.class, () -> Weights.read(file, Fake.PARAMETERS, List.of())).getMessage());
    }

    @Test
    void aNetworkTakesWhatATrainerSaved() {
        Path file = folder.resolve("w.safetensors");
        Weights.initial(Fake.PARAMETERS, 9).tensors(true, Map.of()).write(file);
        Weights small = Weights.read(file, Fake.model().weights(), Fake.model().optimizerStates()).weights();
        assertArrayEquals(Weights.initial(Fake.PARAMETERS, 9).get("dense.W").floats(), small.get("dense.W").floats());
    }

    @Test
    void namesAreUnique() {
        assertThrows(IllegalArgumentException.class, () -> Weights.initial(List.of(Fake.PARAMETERS.get(0), Fake.PARAMETERS.get(0)), 1));
    }
}
