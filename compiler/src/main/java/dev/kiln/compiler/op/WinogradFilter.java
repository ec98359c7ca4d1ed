package dev.kiln.compiler.op;

import static dev.kiln.compiler.op.Toom.at;
import static dev.kiln.compiler.op.Toom.read;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Map;

/// Filters of 2 × 2 to 5 × 5 taps as [Winograd] multiplies with them: `u[6·i + j, c, f] = Σ G[i, r]·G[j, s]·w[f, c, r, s]`.
/// @param places      which dims of `w` are its filters, channels, rows and columns of taps
/// @param flipRows    whether the last row of taps counts as the first, likewise the columns: the filter of an input gradient
public record WinogradFilter(Value w, List<Integer> places, boolean flipRows, boolean flipColumns) implements Op.Contraction {
    public static final Spec SPEC = Spec.of("winograd_filter", "`u[6·i + j, c, f] = Σ G[i, r]·G[j, s]·w[f, c, r, s]`: filters of 2 by 2 to 5 by 5 taps as `winograd` takes them; made by the compiler.")
            .sample("filters first", (_, d) -> new WinogradFilter(d.real(Dim.of(d.pick(1, 3)), Dim.of(d.pick(1, 3)), Dim.of(3), Dim.of(3)), List.of(0, 1, 2, 3), false, false))
            .sample("flipped, filters last", (_, d) -> new WinogradFilter(d.real(Dim.of(5), Dim.of(5), Dim.of(d.pick(1, 3)), Dim.of(d.pick(1, 3))), List.of(3, 2, 0, 1), true, true))
            .rejects("winograd_filter: f32[2, 2, 3, 5] is no filter of 2 by 2 to 5 by 5 taps", g -> new WinogradFilter(Ops.fill(g, 1, Dim.of(2), Dim.of(2), Dim.of(3), Dim.of(5)), List.of(0, 1, 2, 3), false, false));

    public WinogradFilter {
        places = List.copyOf(places);
        Fit.dtype("winograd_filter", w, DType.f32);
        Fit.sameRank("winograd_filter", "places", places.size(), w);
        Fit.require(places.stream().sorted().toList().equals(List.of(0, 1, 2, 3)), "winograd_filter: places %s", places);
        Dim down = w.type().dim(places.get(2));
        boolean fits = down.isConstant() && down.equals(w.type().dim(places.get(3))) && down.toInt() > 1 && down.toInt() < Toom.PRODUCTS;
        Fit.require(fits, "winograd_filter: %s is no filter of 2 by 2 to 5 by 5 taps", w.type());
    }

    /// Along each axis.
    public int taps() {
        return w.type().dim(places.get(2)).toInt();
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return w.type().withShape(List.of(Dim.of(Toom.PRODUCTS * Toom.PRODUCTS), w.type().dim(places.get(1)), w.type().dim(places.get(0))));
    }

    @Override
    public List<Value> operands() {
        return List.of(w);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new WinogradFilter(operands.getFirst(), places, flipRows, flipColumns);
    }

    /// The transposed matrices, one axis after the other.
    @Override
    public List<Value> gradient(Graph g, Value u, Value du) {
        Dim six = Dim.of(Toom.PRODUCTS);
        Dim taps = Dim.of(taps());
        Dim channels = u.type().dim(1);
        Dim filters = u.type().dim(2);
        var matrix = Toom.constant(g, new Toom(taps()).g());
        var square = Ops.reshape(g, du, List.of(six, six, channels, filters));
        var first = List.of(new Axis("r", taps), new Axis("j", six), new Axis("c", channels), new Axis("f", filters), new Axis("i", six));
        var rows = g.add(new Contract(square, matrix, first, read(at(4), at(1), at(2), at(3)), read(at(4), tap(0, flipRows)), List.of(0, 1, 2, 3)));
        var second = List.of(new Axis("f", filters), new Axis("c", channels), new Axis("r", taps), new Axis("s", taps), new Axis("j", six));
        var out = List.of(places.indexOf(0), places.indexOf(1), places.indexOf(2), places.indexOf(3));
        return List.of(g.add(new Contract(rows, matrix, second, read(at(2), at(4), at(1), at(0)), read(at(4), tap(3, flipColumns)), out)));
    }

    private Affine tap(int axis, boolean flip) {
        return flip ? new Affine(Map.of(axis, -1), taps() - 1, 1) : at(axis);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var from = operands.getFirst();
        int[] steps = from.strides();
        int taps = taps();
        double[][] g = new Toom(taps).g();
        return Cells.fill(env.shape(type()), (to, _) -> {
            double sum = 0;
            for (int r = 0; r < taps; r++)
                for (int s = 0; s < taps; s++) {
                    int place = to[2] * steps[places.get(0)] + to[1] * steps[places.get(1)] + (flipRows ? taps - 1 - r : r) * steps[places.get(2)] + (flipColumns ? taps - 1 - s : s) * steps[places.get(3)];
                    sum += g[to[0] / Toom.PRODUCTS][r] * g[to[0] % Toom.PRODUCTS][s] * from.data()[place];
                }
            return sum;
        });
    }

    @Override
    public String attributes() {
        return "places " + places + (flipRows ? " rows flipped" : "") + (flipColumns ? " columns flipped" : "");
    }
}
