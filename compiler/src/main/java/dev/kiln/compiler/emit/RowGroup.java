package dev.kiln.compiler.emit;

import java.util.ArrayList;
import java.util.List;

/// `count` neighbouring blocks of `rows` rows each, from row `first` of a tile on.
record RowGroup(int first, int rows, int count) {
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
