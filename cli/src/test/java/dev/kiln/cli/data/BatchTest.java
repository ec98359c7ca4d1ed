package dev.kiln.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/// Batches of rows that differ in length.
class BatchTest {
    private static Dataset ragged(int rows) {
        var random = new SplittableRandom(5);
        int[] starts = new int[rows + 1];
        for (int i = 0; i < rows; i++) starts[i + 1] = starts[i] + random.nextInt(1, 41);
        return new Dataset(Path.of("x"), rows, List.of(new RaggedRows("word", true, -1, starts, new float[starts[rows]])));
    }

    private static int[] all(List<Batch> batches) {
        return batches.stream().flatMapToInt(b -> Arrays.stream(b.order(), b.from(), b.to())).toArray();
    }

    @Property(tries = 30)
    void everyRowIsInOneBatch(@ForAll @IntRange(min = 1, max = 300) int rows, @ForAll @IntRange(min = 1, max = 17) int size) {
        Dataset data = ragged(rows);
        int[] order = Shuffle.order(rows, 3);
        List<Batch> batches = Batch.cutForTraining(data, order, size, 7);
        assertEquals((rows + size - 1) / size, batches.size());
        assertArrayEquals(Shuffle.none(rows), IntStream.of(all(batches)).sorted().toArray());
        assertArrayEquals(all(batches), all(Batch.cutForTraining(data, order, size, 7)));
        assertArrayEquals(Shuffle.none(rows), IntStream.of(all(Batch.cutForScoring(data, order))).sorted().toArray());
    }

    @Test
    void littleOfABatchIsPadding() {
        Dataset data = ragged(2_000);
        long real = IntStream.range(0, 2_000).map(data::size).sum();
        long padded = Batch.cutForTraining(data, Shuffle.order(2_000, 1), 16, 1).stream().mapToLong(b -> b.data().features().getFirst().tensor(b.order(), b.from(), b.to()).size()).sum();
        assertTrue(padded < 1.06 * real, padded + " steps for " + real);
    }
}
