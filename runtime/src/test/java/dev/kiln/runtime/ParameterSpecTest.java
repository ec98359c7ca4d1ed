package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParameterSpecTest {
    @Test
    void aPackedMatrixLiesInPanels() {
        int k = 3, n = 33;
        var spec = new ParameterSpec("W", List.of(k, n), ParameterSpec.Role.WEIGHT, List.of(0, 1), 32, 12, 192, new Initialiser.Constant(0), 1);
        float[] logical = ramp(k * n);
        float[] weights = new float[12 + 192 + 1];
        spec.pack(logical, 0, weights);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) assertEquals(logical[i * n + j], weights[12 + j / 32 * k * 32 + i * 32 + j % 32]);
            for (int j = n; j < 64; j++) assertEquals(0, weights[12 + j / 32 * k * 32 + i * 32 + j % 32]);
        }
    }

    @Test
    void aPermutedKernelFlattensItsLeadingAxes() {
        // [F, C, R, S] stored as [R, S, C | F]
        int f = 17, c = 5, r = 3, s = 2;
        var order = List.of(2, 3, 1, 0);
        var shape = List.of(f, c, r, s);
        var spec = new ParameterSpec("K", shape, ParameterSpec.Role.WEIGHT, order, 32, 28, ParameterSpec.storedSize(shape, order, 32), new Initialiser.Constant(0), 1);
        float[] logical = ramp(f * c * r * s);
        float[] weights = new float[28 + spec.size()];
        spec.pack(logical, 0, weights);
        for (int i = 0; i < logical.length; i++) {
            int si = i % s, ri = i / s % r, ci = i / s / r % c, fi = i / s / r / c;
            assertEquals(logical[i], weights[28 + ((ri * s + si) * c + ci) * 32 + fi]);
        }
    }

    @Property
    void unpackingGivesBackWhatWasPacked(
            @ForAll @Size(max = 4) List<@IntRange(min = 0, max = 37) Integer> shape, @ForAll boolean packed, @ForAll Random random) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < shape.size(); i++) order.add(i);
        Collections.shuffle(order, random);
        List<Integer> small = shape.size() < 4 ? shape : shape.stream().map(n -> n % 8).toList();
        int panel = packed && !small.isEmpty() ? 32 : 0;
        var spec = new ParameterSpec("p", small, ParameterSpec.Role.WEIGHT, order, panel, 12, ParameterSpec.storedSize(small, order, panel), new Initialiser.Constant(0), 1);
        float[] logical = ramp(spec.elements());
        if (logical.length > 0) logical[0] = Float.intBitsToFloat(0xFFC01234);
        float[] weights = new float[12 + spec.size()];
        spec.pack(logical, 0, weights);
        float[] back = new float[logical.length + 3];
        spec.unpack(weights, back, 3);
        for (int i = 0; i < logical.length; i++) assertEquals(Float.floatToRawIntBits(logical[i]), Float.floatToRawIntBits(back[i + 3]));
    }

    @Test
    void aSpecThatContradictsItselfIsRefused() {
        var zero = new Initialiser.Constant(0);
        assertThrows(IllegalArgumentException.class, () -> new ParameterSpec("p", List.of(2, 2), ParameterSpec.Role.STATE, List.of(0, 0), 0, 12, 16, zero, 1));
        assertThrows(IllegalArgumentException.class, () -> new ParameterSpec("p", List.of(2, 2), ParameterSpec.Role.STATE, List.of(0, 1), 0, 13, 16, zero, 1));
        assertThrows(IllegalArgumentException.class, () -> new ParameterSpec("p", List.of(2, 2), ParameterSpec.Role.STATE, List.of(0, 1), 0, 12, 4, zero, 1));
        assertThrows(IllegalArgumentException.class, () -> new ParameterSpec("p", List.of(2, 2), ParameterSpec.Role.STATE, List.of(0, 1), 16, 12, 16, zero, 1));
    }

    @Test
    void aScalarTakesOneUnit() {
        var spec = ParameterSpec.plain("s", List.of(), ParameterSpec.Role.STATE, 12, new Initialiser.Constant(2), 0);
        float[] weights = new float[28];
        spec.pack(new float[] {5}, 0, weights);
        assertEquals(5, weights[12]);
        float[] back = new float[1];
        spec.unpack(weights, back, 0);
        assertArrayEquals(new float[] {5}, back);
    }

    private static float[] ramp(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i + 1;
        return values;
    }
}
