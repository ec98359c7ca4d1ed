package dev.kiln.compiler.layout;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.stream.IntStream;

/// Where the elements of a value lie: element `i` at `base + Σ i[d]·strides[d]`, but along a panelled axis at `(i / 32)·panelStride + i % 32`.
/// `halo` is the number of zeros kept before and after each axis.
public record Storage(Buffer buffer, Dim base, List<Dim> strides, List<Integer> order, int panelAxis, Dim panelStride, List<Halo> halo) {
    public static final int PANEL = 32;

    /// Zeros before and after the live elements of an axis.
    public record Halo(int low, int high) {
        public static final Halo NONE = new Halo(0, 0);

        public Halo join(Halo other) {
            return new Halo(Math.max(low, other.low), Math.max(high, other.high));
        }

        public boolean isNone() {
            return low == 0 && high == 0;
        }
    }

    public Storage {
        strides = List.copyOf(strides);
        order = List.copyOf(order);
        halo = List.copyOf(halo);
    }

    public boolean panelled() {
        return panelAxis >= 0;
    }

    /// Whether there are as many zeros around the value.
    public boolean covers(List<Halo> wanted) {
        return IntStream.range(0, wanted.size()).allMatch(d -> halo.get(d).join(wanted.get(d)).equals(halo.get(d)));
    }

    public boolean hasHalo() {
        return halo.stream().anyMatch(h -> !h.isNone());
    }

    /// The same with the first element elsewhere.
    public Storage at(Dim first) {
        return new Storage(buffer, first, strides, order, panelAxis, panelStride, halo);
    }

    /// The same places under another name in another array.
    public Storage in(Buffer other) {
        return new Storage(other, base, strides, order, panelAxis, panelStride, halo);
    }

    @Override
    public String toString() {
        var text = new StringBuilder(buffer.toString()).append(strides);
        if (panelled()) text.append(" panels of axis ").append(panelAxis);
        if (hasHalo()) text.append(" halo ").append(halo.stream().map(h -> h.low() + ":" + h.high()).toList());
        return text.toString();
    }
}
