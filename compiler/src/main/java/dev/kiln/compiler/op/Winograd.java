package dev.kiln.compiler.op;

import static dev.kiln.compiler.op.Toom.at;
import static dev.kiln.compiler.op.Toom.read;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A convolution of stride 1 with 3 × 3 or 5 × 5 taps, tile by tile: of 6 × 6 inputs come 4 × 4 or 2 × 2 results with 36 products a channel and filter instead of 144 or 100, see [Toom].
/// `y[n, f, h, w] = Σ x[n, c, h + r - top, w + s - left] · w[f, c, r, s]` where `u` is the [WinogradFilter] of `w`; zero outside of `x`.
/// @param taps   of a filter along each axis
/// @param in     which dims of `x` are images, channels, rows and columns
/// @param out    which dims of the result are images, filters, rows and columns
/// @param height of the result
/// @param top    rows of zeros above `x`
public record Winograd(Value x, Value u, int taps, List<Integer> in, List<Integer> out, Dim height, Dim width, int top, int left) implements Op.Contraction {
    public static final Spec SPEC = Spec.of("winograd", "`y[n, f, h, w] = Σ x[n, c, h + r - top, w + s - left]·w[f, c, r, s]`, tiles of 6 by 6 inputs at a time, where `u` is the `winograd_filter` of `w`; chosen by the compiler, never written.")
            .sample("channels first", (_, d) -> sample(d, 3, List.of(0, 1, 2, 3), List.of(0, 1, 2, 3)))
            .sample("channels last", (_, d) -> sample(d, 5, List.of(0, 3, 1, 2), List.of(0, 3, 1, 2)))
            .law("it is the convolution", (g, d) -> {
                int taps = d.pick(2, 5);
                var w = d.real(Dim.of(3), Dim.of(2), Dim.of(taps), Dim.of(taps));
                var x = d.real(Dim.of(2), Dim.of(2), d.dim(), Dim.of(5));
                var shape = x.type().shape();
                var axes = List.of(new Axis("n", shape.get(0)), new Axis("f", Dim.of(3)), new Axis("h", shape.get(2)), new Axis("w", Dim.of(6)), new Axis("c", Dim.of(2)), new Axis("r", Dim.of(taps)), new Axis("s", Dim.of(taps)));
                var window = read(at(0), at(4), new Affine(Map.of(2, 1, 5, 1), -1, 1), new Affine(Map.of(3, 1, 6, 1), -2, 1));
                var direct = g.add(new Contract(x, w, axes, window, read(at(1), at(4), at(5), at(6)), List.of(0, 1, 2, 3)));
                var u = g.add(new WinogradFilter(w, List.of(0, 1, 2, 3), false, false));
                return new Sides(g.add(new Winograd(x, u, taps, List.of(0, 1, 2, 3), List.of(0, 1, 2, 3), shape.get(2), Dim.of(6), 1, 2)), direct);
            })
            .rejects("winograd: filters f32[36, 3, 4] for f32[1, 2, 5, 5] with channels at 1", g -> new Winograd(
                    Ops.fill(g, 1, Dim.of(1), Dim.of(2), Dim.of(5), Dim.of(5)), Ops.fill(g, 1, Dim.of(36), Dim.of(3), Dim.of(4)), 3, List.of(0, 1, 2, 3), List.of(0, 1, 2, 3), Dim.of(5), Dim.of(5), 1, 1));

    public Winograd {
        Fit.require(taps > 1 && taps < Toom.PRODUCTS, "winograd: %d taps", taps);
        in = List.copyOf(in);
        out = List.copyOf(out);
        Fit.dtype("winograd", x, DType.f32);
        Fit.dtype("winograd", u, DType.f32);
        Fit.sameRank("winograd", "places", in.size(), x);
        for (var places : List.of(in, out)) Fit.require(places.stream().sorted().toList().equals(List.of(0, 1, 2, 3)), "winograd: places %s", places);
        boolean fits = u.type().rank() == 3 && u.type().dim(0).is(Toom.PRODUCTS * Toom.PRODUCTS) && u.type().dim(1).equals(x.type().dim(in.get(1)));
        Fit.require(fits, "winograd: filters %s for %s with channels at %d", u.type(), x.type(), in.get(1));
    }

    private static Winograd sample(Draw d, int taps, List<Integer> in, List<Integer> out) {
        Dim[] shape = new Dim[4];
        shape[in.get(0)] = Dim.of(d.pick(1, 2));
        shape[in.get(1)] = Dim.of(2);
        shape[in.get(2)] = d.dim();
        shape[in.get(3)] = Dim.of(d.pick(3, 6));
        var x = d.real(shape);
        return new Winograd(x, d.real(Dim.of(36), Dim.of(2), Dim.of(3)), taps, in, out, shape[in.get(2)], shape[in.get(3)].minus(1), 1, 0);
    }

    private Toom toom() {
        return new Toom(taps);
    }

    /// Results of a tile along each axis.
    public int results() {
        return results(taps);
    }

    /// Results of a tile along each axis, for filters of so many taps.
    public static int results(int taps) {
        return new Toom(taps).results();
    }

    public Dim images() {
        return x.type().dim(in.get(0));
    }

    public Dim channels() {
        return u.type().dim(1);
    }

    public Dim filters() {
        return u.type().dim(2);
    }

    /// Rows of tiles.
    public Dim down() {
        return height.ceilDiv(Dim.of(results()));
    }

    /// Tiles in a row.
    public Dim across() {
        return width.ceilDiv(Dim.of(results()));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(placed(images(), filters(), height, width));
    }

    private List<Dim> placed(Dim... dims) {
        return IntStream.range(0, dims.length).mapToObj(i -> dims[out.indexOf(i)]).toList();
    }

    @Override
    public List<Value> operands() {
        return List.of(x, u);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Winograd(operands.get(0), operands.get(1), taps, in, out, height, width, top, left);
    }

    /// Bilinear.
    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        var moves = IntStream.range(0, 2).filter(i -> dx.get(i) != null).mapToObj(i -> g.add(withOperands(i == 0 ? List.of(dx.get(0), u) : List.of(x, dx.get(1)))));
        return moves.reduce((a, b) -> Ops.add(g, a, b)).orElseThrow();
    }

    /// The transposed transforms, one axis after the other, around the products.
    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        Dim six = Dim.of(Toom.PRODUCTS);
        var toom = toom();
        var b = Toom.constant(g, Toom.B);
        var a = Toom.constant(g, toom.a());
        Axis n = new Axis("n", images());
        Axis c = new Axis("c", channels());
        Axis f = new Axis("f", filters());
        Axis p = new Axis("p", down());
        Axis q = new Axis("q", across());
        Axis i = new Axis("i", six);
        Axis j = new Axis("j", six);
        Axis d = new Axis("d", six);
        Axis r = new Axis("r", Dim.of(results()));
        // v[n, c, p, i, q, j], what the products take of x
        Axis wide = new Axis("w", x.type().dim(in.get(3)));
        var rows = g.add(new Contract(x, b, List.of(n, c, p, i, wide, d), placed(in, at(0), at(1), toom.inTile(2, 5, top), at(4)), read(at(3), at(5)), List.of(0, 1, 2, 3, 4)));
        var v = g.add(new Contract(rows, b, List.of(n, c, p, i, q, j, d), read(at(0), at(1), at(2), at(3), toom.inTile(4, 6, left)), read(at(5), at(6)), List.of(0, 1, 2, 3, 4, 5)));
        // m[n, f, p, i, q, j], what flows into the products
        Axis across = new Axis("w", width);
        var down = g.add(new Contract(dy, a, List.of(n, f, p, i, across, r), placed(out, at(0), at(1), toom.inTile(2, 5, 0), at(4)), read(at(5), at(3)), List.of(0, 1, 2, 3, 4)));
        var m = g.add(new Contract(down, a, List.of(n, f, p, i, q, j, r), read(at(0), at(1), at(2), at(3), toom.inTile(4, 6, 0)), read(at(6), at(5)), List.of(0, 1, 2, 3, 4, 5)));
        var du = g.add(new Contract(v, m, List.of(i, j, c, f, n, p, q), read(at(4), at(2), at(5), at(0), at(6), at(1)), read(at(4), at(3), at(5), at(0), at(6), at(1)), List.of(0, 1, 2, 3)));
        var filter = Ops.reshape(g, u, List.of(six, six, channels(), filters()));
        var dv = g.add(new Contract(m, filter, List.of(n, c, p, i, q, j, f), read(at(0), at(6), at(2), at(3), at(4), at(5)), read(at(3), at(5), at(1), at(6)), List.of(0, 1, 2, 3, 4, 5)));
        var columns = g.add(new Contract(dv, b, List.of(n, c, p, i, wide, j, d), read(at(0), at(1), at(2), at(3), toom.tileOf(4, 6, left), at(5)), read(at(5), at(6)), List.of(0, 1, 2, 3, 4)));
        Axis high = new Axis("h", x.type().dim(in.get(2)));
        var order = IntStream.range(0, 4).map(in::indexOf).boxed().toList();
        var dx = g.add(new Contract(columns, b, List.of(n, c, high, wide, i, d), read(at(0), at(1), toom.tileOf(2, 5, top), at(4), at(3)), read(at(4), at(5)), order));
        return List.of(dx, Ops.reshape(g, du, u.type().shape()));
    }

    private static Access placed(List<Integer> places, Affine... dims) {
        return new Access(IntStream.range(0, dims.length).mapToObj(d -> dims[places.indexOf(d)]).toList());
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var image = operands.get(0);
        var filter = operands.get(1);
        int results = results();
        double[][] a = toom().a();
        var tile = new double[Toom.PRODUCTS][Toom.PRODUCTS];
        return Cells.fill(env.shape(type()), (to, _) -> {
            int row = to[out.get(2)];
            int column = to[out.get(3)];
            for (var products : tile) Arrays.fill(products, 0);
            for (int c = 0; c < filter.shape()[1]; c++)
                for (int i = 0; i < Toom.PRODUCTS; i++)
                    for (int j = 0; j < Toom.PRODUCTS; j++)
                        tile[i][j] += input(image, to[out.get(0)], c, row / results * results - top, column / results * results - left, i, j) * filter.get(i * Toom.PRODUCTS + j, c, to[out.get(1)]);
            double sum = 0;
            for (int i = 0; i < Toom.PRODUCTS; i++)
                for (int j = 0; j < Toom.PRODUCTS; j++) sum += a[row % results][i] * a[column % results][j] * tile[i][j];
            return sum;
        });
    }

    /// Element (i, j) of the transformed tile whose first input is at (h, w).
    private double input(Array image, int n, int c, int h, int w, int i, int j) {
        double sum = 0;
        var place = new int[4];
        place[in.get(0)] = n;
        place[in.get(1)] = c;
        for (int d = 0; d < Toom.PRODUCTS; d++)
            for (int e = 0; e < Toom.PRODUCTS; e++) {
                place[in.get(2)] = h + d;
                place[in.get(3)] = w + e;
                boolean inside = h + d >= 0 && h + d < image.shape()[in.get(2)] && w + e >= 0 && w + e < image.shape()[in.get(3)];
                if (inside) sum += Toom.B[i][d] * Toom.B[j][e] * image.get(place);
            }
        return sum;
    }

    @Override
    public String attributes() {
        return "%s from %s, %s by %s after %d and %d, %d taps".formatted(out, in, height, width, top, left, taps);
    }
}
