package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A window slides over a channels-last image: one row of result pixels a call. Windows are cut at the border of the image, no halo is read.
///
/// The image has H × W pixels of C channels: pixel (h, w) starts at `x[xO + h*xRow + w*xPixel]`. The result has P × Q pixels: pixel (p, q) at
/// `y[yO + p*yRow + q*yPixel]`. The window of (p, q) covers h = p*stepH - padH + u for u < kernelH, likewise w.
///
/// `run(x, y, d, e, at, H, W, P, Q, C, kernelH, kernelW, stepH, stepW, padH, padW, xRow, xPixel, yRow, yPixel,
/// dRow, dPixel, eRow, ePixel)` where every offset is that of pixel (0, 0) of one image; d has the pixels of y and e those of x:
///
/// | kind | `at` | computes |
/// |---|---|---|
/// | MAX | p | `y[p, q] = max of x in the window` |
/// | SUM | p | `y[p, q] = sum of x in the window`, in row-major order |
/// | MAX_GRADIENT | h | `e[h, w] = Σ d[p, q]` over the windows that contain (h, w) and whose first maximum in row-major order it is |
/// | SUM_GRADIENT | h | `e[h, w] = Σ d[p, q]` over the windows that contain (h, w) |
///
/// MAX gives NaN where the window holds one. Arrays that a kind does not name are not touched; a window that lies wholly outside gives 0 for SUM and minus
/// infinity for MAX.
public record WindowKey(Kind kind) implements KernelKey {
    public enum Kind {
        MAX,
        MAX_GRADIENT,
        SUM,
        SUM_GRADIENT
    }

    private static final List<Parameter> ALL = Stream.concat(
                    Stream.of("x", "y", "d", "e").flatMap(Parameter::array),
                    Parameter.integers("at", "H", "W", "P", "Q", "C", "kernelH", "kernelW", "stepH", "stepW", "padH", "padW", "xRow", "xPixel", "yRow", "yPixel", "dRow", "dPixel", "eRow", "ePixel"))
            .toList();

    @Override
    public List<Parameter> parameters() {
        return ALL;
    }

    @Override
    public String className() {
        return "Window" + Names.camel(kind);
    }

    @Override
    public String toString() {
        return "window " + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
