package dev.kiln.cli.doc;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What flows where: boxes and arrows. An arrow leads from an earlier box to a later one.
final class Flow {
    enum Kind { INPUT, PARAMETER, STEP, RESULT }

    /// @param label what stands in the box @param below what stands under it, smaller @param target a link, empty for none
    record Box(Kind kind, String label, String below, String target) {}

    record Arrow(int from, int to) {}

    final List<Box> boxes = new ArrayList<>();
    final Set<Arrow> arrows = new LinkedHashSet<>();

    int add(Kind kind, String label, String below, String target, Iterable<Integer> from) {
        int box = boxes.size();
        boxes.add(new Box(kind, label, below, target));
        for (int f : from) if (f < box) arrows.add(new Arrow(f, box));
        return box;
    }

    /// A formula alone says as much without a picture.
    boolean isWorthDrawing() {
        return arrows.size() > 1;
    }
}
