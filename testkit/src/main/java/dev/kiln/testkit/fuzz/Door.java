package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.type.Dim;
import java.util.Map;
import java.util.Random;

/// An input of a random program.
/// @param bound what ids are below; 0 for real numbers
/// @param training whether it belongs to `train`
record Door(String name, Form form, int bound, boolean training) {
    String declaration() {
        return "in %s: %s".formatted(name, form.type(bound > 0 ? "i32" : "f32"));
    }

    /// Values in one of several manners, those that bugs like among them: ties, zeros of both signs, tiny, large, one-hot. All of them are floats.
    Array values(Map<String, Long> sizes, Random random) {
        int[] shape = form.shape().stream().mapToInt((Dim d) -> Math.toIntExact(d.evaluate(sizes::get))).toArray();
        var array = Array.zeros(shape);
        int manner = random.nextInt(12);
        for (int i = 0; i < array.data().length; i++) array.data()[i] = bound > 0 ? random.nextInt(bound) : (float) value(manner, random, i, shape);
        return array;
    }

    private static double value(int manner, Random random, int index, int[] shape) {
        double usual = 3 * random.nextDouble() - 1.5;
        return switch (manner) {
            case 0 -> Math.rint(2 * usual) / 2;
            case 1 -> random.nextInt(3) == 0 ? usual : random.nextBoolean() ? 0.0 : -0.0;
            case 2 -> 1e-12 * usual;
            case 3 -> 8 * usual;
            case 4 -> shape.length > 0 && index % shape[shape.length - 1] == 0 ? 1 : 0;
            case 5 -> 3 + 0.1 * usual;
            default -> usual;
        };
    }
}
