package dev.kiln.testkit.shrink;

import dev.kiln.compiler.graph.Array;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Simpler values than those of some named arrays: whole arrays of one number first, then element after element towards small integers and halves.
public final class Values {
    /// From the simplest on. 1 comes before 0, at which kinks lie and products vanish.
    private static final List<Double> SIMPLE = List.of(1.0, 0.0, 2.0, -1.0, 3.0, 0.5, -0.5);
    private static final int LARGEST = 256;

    private Values() {}

    /// The candidates, simplest first.
    /// @param real the names of arrays that may hold fractions; the others hold whole numbers, which go towards 0
    public static Stream<Map<String, Array>> simpler(Map<String, Array> values, Set<String> real) {
        var sorted = new TreeMap<>(values);
        sorted.values().removeIf(array -> array.data().length > LARGEST);
        Stream<Map<String, Array>> together = sorted.entrySet().stream().filter(e -> e.getValue().data().length > 1).flatMap(e -> candidates(most(e.getValue()), real.contains(e.getKey())).map(v -> with(values, e.getKey(), filled(e.getValue(), v))));
        Stream<Map<String, Array>> alone = sorted.entrySet().stream().flatMap(e -> IntStream.range(0, e.getValue().data().length).boxed()
                .flatMap(i -> candidates(e.getValue().data()[i], real.contains(e.getKey())).map(v -> with(values, e.getKey(), set(e.getValue(), i, v)))));
        return Stream.concat(together, alone);
    }

    /// The element that is furthest from simple.
    private static double most(Array array) {
        return Arrays.stream(array.data()).boxed().max((a, b) -> Integer.compare(rank(a), rank(b))).orElseThrow();
    }

    private static Stream<Double> candidates(double value, boolean real) {
        if (!real) return value > 0 ? Stream.of(0.0) : Stream.empty();
        Stream<Double> simple = SIMPLE.stream().limit(Math.min(rank(value), SIMPLE.size()));
        return rank(value) > SIMPLE.size() ? Stream.concat(simple, Stream.of(Math.rint(value * 10) / 10)) : simple;
    }

    /// Tenths come after the simple ones, everything else last.
    private static int rank(double value) {
        int at = SIMPLE.indexOf(value + 0.0);
        return at >= 0 ? at : SIMPLE.size() + (Math.rint(value * 10) / 10 == value ? 0 : 1);
    }

    private static Array filled(Array array, double value) {
        var data = new double[array.data().length];
        Arrays.fill(data, value);
        return new Array(array.shape(), data);
    }

    private static Array set(Array array, int i, double value) {
        var data = array.data().clone();
        data[i] = value;
        return new Array(array.shape(), data);
    }

    private static Map<String, Array> with(Map<String, Array> values, String name, Array array) {
        var more = new HashMap<>(values);
        more.put(name, array);
        return more;
    }

    /// `x = [[1.0]], y = 2.0`.
    public static String print(Map<String, Array> values) {
        return String.join(", ", new TreeMap<>(values).entrySet().stream().map(e -> e.getKey() + " = " + print(e.getValue(), 0, 0)).toList());
    }

    private static String print(Array x, int axis, int offset) {
        if (axis == x.shape().length) return Double.toString(x.data()[offset]);
        int step = x.strides()[axis];
        return "[" + String.join(", ", IntStream.range(0, x.shape()[axis]).mapToObj(i -> print(x, axis + 1, offset + i * step)).toList()) + "]";
    }
}
