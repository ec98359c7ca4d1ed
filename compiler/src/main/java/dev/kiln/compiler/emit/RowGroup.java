package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// `count` neighbouring blocks of `rows` rows each, from row `first` of a tile on.
record RowGroup(int first, int rows, int count) {
    /// The cover of `height` rows by blocks of at most `most` rows that the JVM's quick compiler takes.
    /// @param block what a block of so many rows is made of
    static List<RowGroup> cover(int height, int most, IntFunction<ClassBuilder> block) {
        return IntStream.iterate(most, highest -> highest - 1).limit(most).mapToObj(highest -> cover(height, highest))
                .filter(groups -> groups.getFirst().rows() == 1 || block.apply(groups.getFirst().rows()).isQuick()).findFirst().orElseThrow();
    }

    /// Covers `height` rows by as few blocks as possible, as equal as possible, the higher ones first.
    static List<RowGroup> cover(int height, int highest) {
        int blocks = Math.ceilDiv(height, highest);
        int low = height / blocks;
        int higher = height % blocks;
        var groups = new ArrayList<RowGroup>();
        if (higher > 0) groups.add(new RowGroup(0, low + 1, higher));
        groups.add(new RowGroup(higher * (low + 1), low, blocks - higher));
        return groups;
    }
}
