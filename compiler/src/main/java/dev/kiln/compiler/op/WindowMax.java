package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.stream.Collectors;

/// Max pooling: the greatest element of each window; what lies outside x is left out.
public record WindowMax(Value x, List<Slide> slides) implements Op.Window {
    public static final Spec SPEC = Spec.of("window_max", """
            `y[.., o, ..] = max over u of x[.., stride*o + dilation*u - padLow, ..]`, along one or more axes; what lies outside x is left out.
            The gradient goes to the first maximum of a window in row-major order.""")
            .sample("2 by 2, stride 2", (_, d) -> {
                Dim n = d.dim();
                var x = d.real(n, Dim.of(4), Dim.of(6));
                return new WindowMax(x, List.of(Slide.over(1, 2, 2, 1, 0, 0, Dim.of(4)), Slide.over(2, 2, 2, 1, 0, 0, Dim.of(6))));
            })
            .sample("3, stride 2, padding 1", (_, d) -> {
                Dim n = d.dim();
                return new WindowMax(d.real(n, Dim.of(2)), List.of(Slide.over(0, 3, 2, 1, 1, 1, n)));
            })
            .sample("overlapping, dilated, uneven", (_, d) -> {
                Dim n = Dim.of(d.pick(5, 9));
                return new WindowMax(d.real(n, Dim.of(7)), List.of(Slide.over(0, 2, 1, 2, 0, 1, n), Slide.over(1, 3, 2, 1, 0, 2, Dim.of(7))));
            })
            .law("a window over all is the maximum", (g, d) -> {
                Dim c = d.dim();
                var x = d.real(Dim.of(5), c);
                var y = g.add(new WindowMax(x, List.of(Slide.over(0, 5, 1, 1, 0, 0, Dim.of(5)))));
                return new Sides(Ops.reshape(g, y, List.of(c)), Ops.max(g, x, 0));
            })
            .rejects("window along axis 0 of f32[5]: 2 windows fit, not 3", g -> new WindowMax(Ops.fill(g, 0, Dim.of(5)), List.of(new Slide(0, 2, 2, 1, 0, 0, Dim.of(3)))))
            .rejects("window along axis 0: padding 2 and 0 must be less than the window of 2", g -> new WindowMax(Ops.fill(g, 0, Dim.of(5)), List.of(new Slide(0, 2, 2, 1, 2, 0, Dim.of(3)))));

    public WindowMax {
        slides = List.copyOf(slides);
        Fit.dtype("window_max", x, DType.f32);
        Slide.shape(x, slides);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(Slide.shape(x, slides));
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new WindowMax(operands.getFirst(), slides);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(g.add(new WindowMaxGrad(x, y, dy, slides)));
    }

    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return WindowMaxGrad.atFirst(g, x, y, slides, dx.getFirst());
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        return Cells.fill(env.shape(type()), (at, _) -> {
            int best = first(x, at, slides);
            return best < 0 ? Double.NEGATIVE_INFINITY : x.data()[best];
        });
    }

    /// Where in `x` the first maximum of the window at `at` lies; a NaN counts as the greatest; -1 for a window without elements.
    public static int first(Array x, int[] at, List<Slide> slides) {
        int[] strides = x.strides();
        int[] best = {-1};
        Cells.each(slides.stream().mapToInt(Slide::kernel).toArray(), (tap, _) -> {
            int offset = 0;
            for (int a = 0, k = 0; a < at.length; a++) {
                int i = at[a];
                if (k < slides.size() && slides.get(k).axis() == a) {
                    var s = slides.get(k);
                    i = s.stride() * i + s.dilation() * tap[k++] - s.padLow();
                    if (i < 0 || i >= x.shape()[a]) return;
                }
                offset += i * strides[a];
            }
            if (best[0] < 0 || x.data()[offset] > x.data()[best[0]] || (Double.isNaN(x.data()[offset]) && !Double.isNaN(x.data()[best[0]]))) best[0] = offset;
        });
        return best[0];
    }

    @Override
    public String attributes() {
        return slides.stream().map(Slide::toString).collect(Collectors.joining(", "));
    }
}
