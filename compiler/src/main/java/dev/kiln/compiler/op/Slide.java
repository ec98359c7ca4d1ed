package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// How a window slides along one axis: tap u of window o lies at `stride*o + dilation*u - padLow`.
/// @param out the number of windows
public record Slide(int axis, int kernel, int stride, int dilation, int padLow, int padHigh, Dim out) {
    public Slide {
        Fit.require(kernel > 0 && stride > 0 && dilation > 0, "window along axis %d: kernel %d, stride %d, dilation %d must be positive", axis, kernel, stride, dilation);
        int span = dilation * (kernel - 1) + 1;
        Fit.require(padLow >= 0 && padLow < span && padHigh >= 0 && padHigh < span, "window along axis %d: padding %d and %d must be less than the window of %d", axis, padLow, padHigh, span);
    }

    /// The slide with the number of windows that fit into `extent`.
    public static Slide over(int axis, int kernel, int stride, int dilation, int padLow, int padHigh, Dim extent) {
        return new Slide(axis, kernel, stride, dilation, padLow, padHigh, windows(extent, kernel, stride, dilation, padLow, padHigh));
    }

    /// `floor((extent + padding - dilation*(kernel - 1) - 1) / stride) + 1`.
    public static Dim windows(Dim extent, int kernel, int stride, int dilation, int padLow, int padHigh) {
        return extent.plus((long) padLow + padHigh - (long) dilation * (kernel - 1) - 1).floorDiv(stride).plus(1);
    }

    static List<Dim> shape(Value x, List<Slide> slides) {
        var shape = new ArrayList<>(x.type().shape());
        for (int i = 0; i < slides.size(); i++) {
            var s = slides.get(i);
            Fit.require(s.axis >= 0 && s.axis < shape.size() && (i == 0 || slides.get(i - 1).axis < s.axis), "window: axis %d of %s, ascending", s.axis, x.type());
            Dim windows = windows(shape.get(s.axis), s.kernel, s.stride, s.dilation, s.padLow, s.padHigh);
            Fit.require(windows.equals(s.out), "window along axis %d of %s: %s windows fit, not %s", s.axis, x.type(), windows, s.out);
            shape.set(s.axis, s.out);
        }
        return shape;
    }

    @Override
    public String toString() {
        return "axis %d: %d%s%s%s".formatted(axis, kernel, stride == 1 ? "" : " stride " + stride, dilation == 1 ? "" : " dilation " + dilation, padLow + padHigh == 0 ? "" : " padding " + padLow + "+" + padHigh);
    }
}
