package dev.kiln.bench;

import java.util.Arrays;
import java.util.stream.IntStream;

/// The gates of recurrent cells: blocks of equal width along the last axis of a weight, which each library has in an order of its own.
public final class Gates {
    private Gates() {}

    /// Blocks `from..to` of `count`.
    public static Constant blocks(Constant c, int count, int from, int to) {
        int width = width(c);
        int first = width / count * from;
        int taken = width / count * to - first;
        float[] values = new float[c.values().length / width * taken];
        for (int row = 0; row * taken < values.length; row++) System.arraycopy(c.values(), row * width + first, values, row * taken, taken);
        return new Constant(values, with(c, taken));
    }

    /// Weights of the same rows side by side.
    public static Constant joined(Constant... parts) {
        int width = Arrays.stream(parts).mapToInt(Gates::width).sum();
        float[] values = new float[Arrays.stream(parts).mapToInt(p -> p.values().length).sum()];
        int first = 0;
        for (Constant part : parts) {
            int taken = width(part);
            for (int row = 0; row * width < values.length; row++) System.arraycopy(part.values(), row * taken, values, row * width + first, taken);
            first += taken;
        }
        return new Constant(values, with(parts[0], width));
    }

    /// Block `i` of the result is block `order[i]`.
    public static Constant ordered(Constant c, int... order) {
        return joined(IntStream.of(order).mapToObj(i -> blocks(c, order.length, i, i + 1)).toArray(Constant[]::new));
    }

    /// `σ(-z) = 1 - σ(z)`: a gate for the old state becomes one for the new.
    public static Constant negated(Constant c) {
        float[] values = c.values().clone();
        for (int i = 0; i < values.length; i++) values[i] = -values[i];
        return new Constant(values, c.shape());
    }

    /// As many zeros as in something else.
    public static Constant zeros(Constant like) {
        return new Constant(new float[like.values().length], like.shape());
    }

    private static int width(Constant c) {
        return c.extent(c.shape().length - 1);
    }

    private static int[] with(Constant c, int width) {
        int[] shape = c.shape();
        shape[shape.length - 1] = width;
        return shape;
    }
}
