package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Functions;
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

/// The gradient of [WindowMax]: what flows into a window goes to its first maximum. Found by comparing again, no positions are stored.
public record WindowMaxGrad(Value x, Value y, Value dy, List<Slide> slides) implements Op.Window {
    public static final Spec SPEC = Spec.of("window_max_grad", "`dx[i..] = Σ of dy over the windows whose first maximum, in row-major order, lies at i`.")
            .sample("3, stride 2, padding 1", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n, Dim.of(2));
                var slides = List.of(Slide.over(0, 3, 2, 1, 1, 1, n));
                var y = g.add(new WindowMax(x, slides));
                return new WindowMaxGrad(Ops.stop(g, x), Ops.stop(g, y), d.real(y.type().shape().toArray(Dim[]::new)), slides);
            })
            .sample("2 by 2", (g, d) -> {
                var x = d.real(Dim.of(d.pick(2, 5)), Dim.of(5));
                var slides = List.of(Slide.over(0, 2, 1, 1, 0, 0, x.type().dim(0)), Slide.over(1, 2, 2, 1, 0, 0, Dim.of(5)));
                var y = g.add(new WindowMax(x, slides));
                return new WindowMaxGrad(Ops.stop(g, x), Ops.stop(g, y), d.real(y.type().shape().toArray(Dim[]::new)), slides);
            })
            .law("all that flows in arrives", (g, d) -> {
                var x = d.real(d.dim(), Dim.of(6));
                var y = g.add(new WindowMax(x, List.of(Slide.over(1, 3, 2, 1, 1, 1, Dim.of(6)))));
                var dy = d.real(y.type().shape().toArray(Dim[]::new));
                return new Sides(Ops.sum(g, g.add(new WindowMaxGrad(x, y, dy, ((WindowMax) y.op()).slides())), 0, 1), Ops.sum(g, dy, 0, 1));
            })
            .rejects("window_max_grad: dy f32[3] for windows f32[2]", g -> new WindowMaxGrad(Ops.fill(g, 0, Dim.of(4)), Ops.fill(g, 0, Dim.of(2)), Ops.fill(g, 0, Dim.of(3)), List.of(new Slide(0, 2, 2, 1, 0, 0, Dim.of(2)))));

    public WindowMaxGrad {
        slides = List.copyOf(slides);
        Fit.dtype("window_max_grad", x, DType.f32);
        var shape = x.type().withShape(Slide.shape(x, slides));
        Fit.require(y.type().equals(shape), "window_max_grad: y %s for windows %s", y.type(), shape);
        Fit.require(dy.type().equals(shape), "window_max_grad: dy %s for windows %s", dy.type(), shape);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type();
    }

    @Override
    public List<Value> operands() {
        return List.of(x, y, dy);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new WindowMaxGrad(operands.get(0), operands.get(1), operands.get(2), slides);
    }

    /// Linear in dy: its cotangent is picked at the same first maxima, tap by tap. By x and y it is flat.
    @Override
    public List<Value> gradient(Graph g, Value result, Value ddx) {
        return Ops.flows(null, null, atFirst(g, x, y, slides, ddx));
    }

    /// By x and y it is flat.
    @Override
    public Value tangent(Graph g, Value result, List<Value> dx) {
        return g.add(new WindowMaxGrad(x, y, dx.get(2), slides));
    }

    /// What `from` holds at the first maximum of each window of `x`, whose maxima are `y`.
    static Value atFirst(Graph g, Value x, Value y, List<Slide> slides, Value from) {
        var zero = Ops.fill(g, 0, y.type().shape());
        var picked = zero;
        var found = g.add(new Cast(zero, DType.bool));
        int taps = slides.stream().mapToInt(Slide::kernel).reduce(1, (p, q) -> p * q);
        for (int tap = 0; tap < taps; tap++) {
            var here = Ops.map(g, Functions.EQUAL, tap(g, x, slides, tap, Double.NEGATIVE_INFINITY), y);
            picked = Ops.select(g, found, picked, Ops.select(g, here, tap(g, from, slides, tap, 0), picked));
            found = Ops.map(g, Functions.MAX, found, here);
        }
        return picked;
    }

    /// What tap number `tap` of every window reads.
    private static Value tap(Graph g, Value from, List<Slide> slides, int tap, double outside) {
        var v = from;
        int rest = tap;
        for (var s : slides.reversed()) {
            int u = rest % s.kernel();
            rest /= s.kernel();
            v = Ops.pad(g, v, s.axis(), Dim.of(s.padLow()), Dim.of(s.padHigh()), outside);
            v = Ops.slice(g, v, s.axis(), Dim.of((long) s.dilation() * u), s.stride(), s.out());
        }
        return v;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.get(0);
        var dy = operands.get(2);
        var dx = Array.zeros(x.shape());
        Cells.each(dy.shape(), (at, flat) -> {
            int first = WindowMax.first(x, at, slides);
            if (first >= 0) dx.data()[first] += dy.data()[flat];
        });
        return dx;
    }

    @Override
    public String attributes() {
        return slides.stream().map(Slide::toString).collect(Collectors.joining(", "));
    }
}
