package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import java.util.List;

/// A maximum that slides along many axes, as one that slides along the last two after the others. The first maximum of a window in row-major order lies in the first slab
/// that holds the maximum, and is the first one there: the gradient goes the same way back.
record Slides(List<Slide> slides) {
    private List<Slide> outer() {
        return slides.subList(0, slides.size() - 2);
    }

    private List<Slide> inner() {
        return slides.subList(slides.size() - 2, slides.size());
    }

    Value maximum(Graph g, Value x) {
        var slabs = g.add(new WindowMax(x, inner()));
        return outer().size() > 2 ? new Slides(outer()).maximum(g, slabs) : g.add(new WindowMax(slabs, outer()));
    }

    Value gradient(Graph g, Value x, Value dy) {
        var slabs = g.add(new WindowMax(x, inner()));
        var ofSlabs = outer().size() > 2 ? new Slides(outer()).gradient(g, slabs, dy) : g.add(new WindowMaxGrad(slabs, g.add(new WindowMax(slabs, outer())), dy, outer()));
        return g.add(new WindowMaxGrad(x, slabs, ofSlabs, inner()));
    }
}
