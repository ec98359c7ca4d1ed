package dev.kiln.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.cli.UserError;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SplitTest {
    @Property
    void everyRowTrainsOrValidatesAndNoneDoesBoth(@ForAll @IntRange(min = 2, max = 500) int rows, @ForAll @DoubleRange(max = 0.5) double share, @ForAll long seed) {
        Split split = Split.of(rows, share, seed);
        int[] all = IntStream.concat(IntStream.of(split.training()), IntStream.of(split.validation())).sorted().toArray();
        assertArrayEquals(IntStream.range(0, rows).toArray(), all);
        assertEquals((int) Math.ceil(rows * share), split.validation().length);
    }

    @Test
    void splitDependsOnItsSeedAlone() {
        assertArrayEquals(Split.of(100, 0.2, 1).validation(), Split.of(100, 0.2, 1).validation());
        assertEquals(false, Arrays.equals(Split.of(100, 0.2, 1).validation(), Split.of(100, 0.2, 2).validation()));
    }

    @Property
    void epochIsAnotherOrderOfTheSameRows(@ForAll @IntRange(min = 17, max = 200) int rows, @ForAll long seed) {
        int[] order = Shuffle.none(rows);
        int[] first = Shuffle.epoch(order, seed, 1);
        assertArrayEquals(order, IntStream.of(first).sorted().toArray());
        assertArrayEquals(first, Shuffle.epoch(order, seed, 1));
        assertEquals(false, Arrays.equals(first, Shuffle.epoch(order, seed, 2)));
    }

    @Test
    void lastBatchHoldsWhatIsLeft() {
        Dataset data = new Dataset(Path.of("x"), 7, List.of());
        assertEquals(List.of(3, 3, 1), Batch.cut(data, Shuffle.none(7), 3).stream().map(Batch::rows).toList());
    }

    @Test
    void shareThatLeavesNothingIsRefused() {
        assertThrows(UserError.class, () -> Split.of(10, 1, 1));
        assertThrows(UserError.class, () -> Split.of(1, 0.5, 1));
        assertThrows(UserError.class, () -> Split.of(10, -0.1, 1));
    }
}
