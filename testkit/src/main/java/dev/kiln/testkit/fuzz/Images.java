package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;

/// What reads windows of images and of sequences of channels.
final class Images {
    static final List<Move> MOVES = List.of(
            Images::convolved, Images::convolved, Images::convolved, Images::deep, Images::enlarged, Images::pooled, Images::pooled, Images::whole, Images::blocks, Images::filtered, Images::along);

    private Images() {}

    private static boolean isImage(Form f) {
        return f.rank() == 4 && f.dim(1).isConstant() && !f.ragged();
    }

    private static Dim places(Dim size, int kernel, int stride, int pad, int dilation) {
        return size.plus(2 * pad - dilation * (kernel - 1) - 1).floorDiv(stride).plus(1);
    }

    private static Form image(Form f, int channels, int kernel, int stride, int pad, int dilation) {
        return f.with(1, Dim.of(channels)).with(2, places(f.dim(2), kernel, stride, pad, dilation)).with(3, places(f.dim(3), kernel, stride, pad, dilation));
    }

    /// Whether a window fits into both sides.
    private static boolean reaches(Author a, Form f, int kernel, int pad, int dilation) {
        return Math.min(a.value(f.dim(2)), a.value(f.dim(3))) + 2L * pad > (long) dilation * (kernel - 1);
    }

    private static Optional<Step> convolved(Author a, String x, Form f) {
        if (!isImage(f)) return Optional.empty();
        int kernel = a.of(1, 1, 2, 3, 3, 3, 5);
        int stride = a.of(1, 1, 1, 2, 3);
        int dilation = a.of(1, 1, 1, 2);
        boolean same = kernel % 2 == 1 && a.chance();
        int pad = same ? dilation * (kernel - 1) / 2 : a.number(0, 2);
        int channels = f.dim(1).toInt();
        int groups = a.of(1, 1, 1, 2, channels);
        if (channels % groups != 0 || !reaches(a, f, kernel, pad, dilation)) return Optional.empty();
        int filters = groups * a.of(1, 2, 3, 8, 16 / groups == 0 ? 1 : 16 / groups, 1);
        return a.owning(image(f, filters, kernel, stride, pad, dilation), "$y = $0 |> Conv2d(%d, kernel: %d, stride: %d, pad: %s, dilation: %d, groups: %d%s)%s".formatted(
                filters, kernel, stride, same ? "same" : Integer.toString(pad), dilation, groups, a.of("", "", ", bias: false"), a.of("", " |> relu", " |> BatchNorm |> relu", " |> BatchNorm", " |> relu(max: 0.4)")), x);
    }

    private static Optional<Step> deep(Author a, String x, Form f) {
        if (!isImage(f)) return Optional.empty();
        int kernel = a.of(1, 2, 3, 3, 5);
        int stride = a.of(1, 1, 2);
        int pad = a.number(0, 2);
        int multiplier = a.of(1, 1, 1, 2);
        if (!reaches(a, f, kernel, pad, 1)) return Optional.empty();
        return a.owning(image(f, multiplier * f.dim(1).toInt(), kernel, stride, pad, 1), "$y = $0 |> Depthwise2d(kernel: %d, stride: %d, pad: %d, multiplier: %d)%s".formatted(kernel, stride, pad, multiplier, a.of("", " |> relu", " |> BatchNorm |> relu(max: 6)")), x);
    }

    private static Optional<Step> enlarged(Author a, String x, Form f) {
        if (!isImage(f)) return Optional.empty();
        int kernel = a.number(1, 4);
        int stride = a.number(1, 3);
        int pad = a.number(0, Math.min(1, kernel - 1));
        int extra = a.number(0, stride - 1);
        int filters = a.of(1, 2, 3, 16);
        return a.owning(f.with(1, Dim.of(filters)).with(2, larger(f.dim(2), kernel, stride, pad, extra)).with(3, larger(f.dim(3), kernel, stride, pad, extra)),
                "$y = $0 |> ConvTranspose2d(%d, kernel: %d, stride: %d, pad: %d, extra: %d)".formatted(filters, kernel, stride, pad, extra), x);
    }

    private static Dim larger(Dim size, int kernel, int stride, int pad, int extra) {
        return size.minus(1).times(stride).plus(kernel - 2L * pad + extra);
    }

    private static Optional<Step> pooled(Author a, String x, Form f) {
        if (!isImage(f)) return Optional.empty();
        int kernel = a.of(1, 2, 2, 3);
        int stride = a.of(kernel, kernel, 1, 2);
        int pad = a.number(0, kernel / 2);
        if (!reaches(a, f, kernel, pad, 1)) return Optional.empty();
        return a.step(image(f, f.dim(1).toInt(), kernel, stride, pad, 1), "$y = $0 |> %s2d(%d, stride: %d, pad: %d%s)".formatted(a.of("MaxPool", "MaxPool", "LpPool"), kernel, stride, pad, "").replace("LpPool", a.of("LpPool", "AvgPool")), x);
    }

    private static Optional<Step> whole(Author a, String x, Form f) {
        if (f.rank() < 3 || f.ragged()) return Optional.empty();
        return a.step(Form.of(f.dim(0), f.dim(1)), "$y = %s($0)".formatted(a.of("average_all", "max_all")), x);
    }

    private static Optional<Step> blocks(Author a, String x, Form f) {
        if (!isImage(f) || a.chance()) return Optional.empty();
        int stride = a.of(1, 1, 2);
        int filters = a.of(f.dim(1).toInt(), 4, 7);
        return switch (a.number(0, 2)) {
            case 0 -> a.owning(f, "$y = $0 |> SqueezeExcite(%d)".formatted(f.dim(1).toInt() % 2 == 0 ? 2 : 1), x);
            case 1 -> a.owning(image(f, filters, 3, stride, 1, 1), "$y = $0 |> BasicBlock(%d, stride: %d)".formatted(filters, stride), x);
            default -> a.owning(image(f, filters, 3, stride, 1, 1), "$y = $0 |> InvertedResidual(%d, stride: %d, expand: 2)".formatted(filters, stride), x);
        };
    }

    private static Optional<Step> filtered(Author a, String x, Form f) {
        if (!isImage(f)) return Optional.empty();
        int left = a.number(0, 2);
        int top = a.number(0, 1);
        return a.chance() ? a.step(f, "$y = %s($0)".formatted(a.of("sobel_x", "sobel_y", "laplacian", "gaussian")), x)
                : a.step(f.with(2, f.dim(2).plus(top)).with(3, f.dim(3).plus(left)), "$y = zero_pad2d($0, top: %d, left: %d)".formatted(top, left), x);
    }

    /// Along one axis behind channels.
    private static Optional<Step> along(Author a, String x, Form f) {
        if (f.rank() != 3 || f.ragged() || !f.dim(1).isConstant()) return Optional.empty();
        int kernel = a.of(1, 2, 3);
        int stride = a.of(1, 1, 2);
        if (a.value(f.dim(2)) < kernel) return Optional.empty();
        Dim steps = places(f.dim(2), kernel, stride, 0, 1);
        if (a.chance()) return a.step(f.with(2, steps), "$y = $0 |> %s(%d, stride: %d)".formatted(a.of("MaxPool1d", "AvgPool1d"), kernel, stride), x);
        int filters = a.of(1, 3, 16, 17);
        return a.owning(f.with(1, Dim.of(filters)).with(2, a.value(f.dim(2)) < kernel ? f.dim(2) : steps), "$y = $0 |> Conv1d(%d, kernel: %d, stride: %d)".formatted(filters, kernel, stride), x);
    }
}
