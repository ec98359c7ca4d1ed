package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// The maximum of a window that slides over a channels-last image: one row of result pixels a call. Windows are cut at the border of the image, no halo is read.
///
/// The image has H × W pixels of C channels: pixel (h, w) starts at `x[xO + h*xRow + w*xPixel]`. The result has P × Q pixels: pixel (p, q) at
/// `y[yO + p*yRow + q*yPixel]`. The window of (p, q) covers h = p*stepH - padH + u*dilationH for u < kernelH, likewise w.
///
/// `run(x, y, d, e, at, H, W, P, Q, C, kernelH, kernelW, stepH, stepW, dilationH, dilationW, padH, padW, xRow, xPixel, yRow, yPixel,
/// dRow, dPixel, eRow, ePixel)` where every offset is that of pixel (0, 0) of one image; d has the pixels of y and e those of x:
///
/// | kind | `at` | computes |
/// |---|---|---|
/// | MAX | p | `y[p, q] = max of x in the window` |
/// | MAX_GRADIENT | h | `e[h, w] = Σ d[p, q]` over the windows that contain (h, w) and whose first maximum in row-major order it is |
///
/// MAX gives NaN where the window holds one, and minus infinity where the window lies wholly outside. Arrays that a kind does not name are not touched.
///
/// @param dilated whether the dilations are read; otherwise they are 1
public record WindowKey(Kind kind, boolean dilated) implements KernelKey {
    public enum Kind {
        MAX,
        MAX_GRADIENT
    }

    private static final List<Parameter> ALL = Stream.concat(
                    Stream.of("x", "y", "d", "e").flatMap(Parameter::array),
                    Parameter.integers("at", "H", "W", "P", "Q", "C", "kernelH", "kernelW", "stepH", "stepW", "dilationH", "dilationW", "padH", "padW", "xRow", "xPixel", "yRow", "yPixel", "dRow", "dPixel", "eRow", "ePixel"))
            .toList();

    @Override
    public List<Parameter> parameters() {
        return ALL;
    }

    @Override
    public String idle() {
        return "C";
    }

    @Override
    public String className() {
        return "Window" + Names.camel(kind) + (dilated ? "Dilated" : "");
    }

    @Override
    public String toString() {
        return "window " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ') + (dilated ? " dilated" : "");
    }
}
