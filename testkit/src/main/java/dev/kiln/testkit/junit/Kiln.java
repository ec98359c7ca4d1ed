package dev.kiln.testkit.junit;

import dev.kiln.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// jqwik arbitraries of what networks are fed with, to be combined with any others. They lean towards where bugs live, and shrink: sizes to 1, values to 0, networks to few layers.
public final class Kiln {
    private static final Integer[] TELLING = {1, 2, 3, 5, 7, 8, 9, 15, 16, 17};
    private static final int STEPS = 8;
    private static final List<String> LAYERS = List.of("relu", "tanh", "sigmoid", "gelu", "softplus", "abs", "LayerNorm", "BatchNorm", "Dense(1)", "Dense(3)", "Dense(8)", "softmax");

    private Kiln() {}

    /// Sizes from 1 on, mostly 1, primes and the neighbours of vector lengths.
    public static Arbitrary<Integer> sizes(int largest) {
        var some = Arrays.stream(TELLING).filter(n -> n <= largest).toArray(Integer[]::new);
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(some)), Tuple.of(1, Arbitraries.integers().between(1, largest)));
    }

    /// Shapes of so many axes.
    public static Arbitrary<List<Integer>> shapes(int leastRank, int mostRank, int largest) {
        return sizes(largest).list().ofMinSize(leastRank).ofMaxSize(mostRank);
    }

    /// Finite floats: small ones, ties, both zeros, tiny and large ones, and such that saturate a sigmoid.
    public static Arbitrary<Float> values() {
        return Arbitraries.frequencyOf(Tuple.of(6, Arbitraries.floats().between(-2, 2)), Tuple.of(2, Arbitraries.of(0f, -0f, 1f, -1f, 0.5f)), Tuple.of(1, Arbitraries.of(1e-30f, -1e-30f, 1e4f, -1e4f, 30f, -30f)));
    }

    /// A tensor of one shape.
    public static Arbitrary<Tensor> tensors(Arbitrary<Float> values, int... shape) {
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return values.list().ofSize(size).map(list -> Tensor.of(floats(list), shape));
    }

    /// Tensors of drawn shapes.
    public static Arbitrary<Tensor> tensors(Arbitrary<List<Integer>> shapes, Arbitrary<Float> values) {
        return shapes.flatMap(shape -> tensors(values, shape.stream().mapToInt(n -> n).toArray()));
    }

    /// Ids below a bound, of one shape.
    public static Arbitrary<Tensor> ids(int bound, int... shape) {
        int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return Arbitraries.integers().between(0, bound - 1).list().ofSize(size).map(list -> Tensor.of(list.stream().mapToInt(n -> n).toArray(), shape));
    }

    /// A batch whose rows have lengths of their own. @param lengths i32[N] @param values f32[N, T, features], zero where a row has ended
    public record Ragged(Tensor lengths, Tensor values) {}

    /// Ragged batches; lengths 0 and T are mixed with others.
    public static Arbitrary<Ragged> ragged(Arbitrary<Float> values, int rows, int time, int features) {
        var lengths = Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.of(0, time)), Tuple.of(2, Arbitraries.integers().between(0, time))).list().ofSize(rows);
        return Combinators.combine(lengths, values.list().ofSize(rows * time * features)).as((ends, all) -> {
            float[] kept = floats(all);
            for (int i = 0; i < kept.length; i++) if (i / features % time >= ends.get(i / features / time)) kept[i] = 0;
            return new Ragged(Tensor.of(ends.stream().mapToInt(n -> n).toArray(), rows), Tensor.of(kept, rows, time, features));
        });
    }

    /// Seeds of chance and of first weights.
    public static Arbitrary<Long> seeds() {
        return Arbitraries.longs().between(1, 1L << 40);
    }

    /// Whole networks as `.nn` text, each with its training: a chain of layers from f32[N, C].
    public static Arbitrary<String> networks() {
        return networks(Arbitraries.of(LAYERS));
    }

    /// The same of your own layers and functions, each a link of a chain over f32[N, C].
    public static Arbitrary<String> networks(Arbitrary<String> layers) {
        return Combinators.combine(sizes(17), layers.list().ofMaxSize(STEPS), sizes(9)).as((in, chain, out) -> """
                network Drawn() {
                  in x: f32[N, %d]
                  out y = x%s |> Dense(%d)
                }
                train Drawn {
                  in target: f32[N, %d]
                  loss mse(y, target)
                  optimizer SGD(0.1)
                }
                """.formatted(in, chain.stream().map(layer -> " |> " + layer).collect(Collectors.joining()), out, out));
    }

    private static float[] floats(List<Float> list) {
        var floats = new float[list.size()];
        for (int i = 0; i < floats.length; i++) floats[i] = list.get(i);
        return floats;
    }
}
