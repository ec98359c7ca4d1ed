package dev.kiln.compiler.kernel;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// A constant small matrix on both sides of a tile, channel by channel: the three steps around the 36 products of a convolution by F(m×m, r×r), m + r - 1 = 6. One tile a call.
///
/// | kind | computes |
/// |---|---|
/// | FILTER | `u[uO + (6*i + j)*plane + c] = (G w Gᵀ)[i, j]` with tap (r, s) at `w[wO + r*wRow + s*wColumn + c]` |
/// | INPUT | `v[vO + (6*i + j)*plane + c] = (B x Bᵀ)[i, j]` of the 6 × 6 pixels from (top, left) on; pixel (h, w) at `x[xO + h*xRow + w*xPixel + c]`, zero outside of H × W |
/// | OUTPUT | `y[yO + h*yRow + w*yPixel + c] = act((A m Aᵀ)[h, w] + start)` for h < rows, w < columns, with product (i, j) at `m[mO + (6*i + j)*plane + c]` |
///
/// All for c < C. A start adds `s[sO + c]` and `r[rO + h*rRow + w*rPixel + c]`. INPUT has room for 36·C floats at `t`, where it puts together what lies at the border.
/// @param taps of a filter along each axis; 0 for INPUT, which is the same for all
public record TransformKey(Kind kind, int taps, Start start, Act act) implements KernelKey {
    public enum Kind {
        FILTER,
        INPUT,
        OUTPUT
    }

    /// Pixels of a tile along each axis, and products.
    public static final int PRODUCTS = 6;

    private static final List<Parameter> FILTER = all(List.of("w", "u"), "C", "wRow", "wColumn", "plane");
    private static final List<Parameter> INPUT = all(List.of("x", "v", "t"), "C", "H", "W", "top", "left", "xRow", "xPixel", "plane");
    private static final List<Parameter> OUTPUT = all(List.of("m", "y", "s", "r"), "C", "rows", "columns", "plane", "yRow", "yPixel", "rRow", "rPixel");

    public TransformKey {
        if (kind == Kind.INPUT ? taps != 0 : taps < 2 || taps >= PRODUCTS) throw new IllegalArgumentException("a transform of kind " + kind + " for " + taps + " taps");
        if (kind != Kind.OUTPUT && (start != Start.ZERO || !(act instanceof Act.None))) throw new IllegalArgumentException("only an output transform has a start and an act, not " + kind);
    }

    public static TransformKey filter(int taps) {
        return new TransformKey(Kind.FILTER, taps, Start.ZERO, Act.NONE);
    }

    public static TransformKey input() {
        return new TransformKey(Kind.INPUT, 0, Start.ZERO, Act.NONE);
    }

    public static TransformKey output(int taps, Start start, Act act) {
        return new TransformKey(Kind.OUTPUT, taps, start, act);
    }

    /// Results of a tile along each axis.
    public int results() {
        return PRODUCTS + 1 - taps;
    }

    private static List<Parameter> all(List<String> arrays, String... integers) {
        return Stream.concat(arrays.stream().flatMap(Parameter::array), Parameter.integers(integers)).toList();
    }

    @Override
    public List<Parameter> parameters() {
        return switch (kind) {
            case FILTER -> FILTER;
            case INPUT -> INPUT;
            case OUTPUT -> OUTPUT;
        };
    }

    @Override
    public String idle() {
        return "C";
    }

    @Override
    public String className() {
        return "Transform" + Names.camel(kind) + (kind == Kind.INPUT ? "" : taps) + (kind == Kind.OUTPUT ? Names.camel(start) + Names.of(act) : "");
    }

    @Override
    public String toString() {
        return "transform " + kind.name().toLowerCase(Locale.ROOT) + (kind == Kind.INPUT ? "" : " taps " + taps) + (kind == Kind.OUTPUT ? " start %s act %s".formatted(start.name().toLowerCase(Locale.ROOT), act) : "");
    }
}
