package dev.kiln.testkit.gradient;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.ArgMax;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.type.DType;
import java.util.Arrays;
import java.util.List;

/// Watches a run and notes on which piece each kinked element lies: the sign under an `abs`, the side of a comparison, the winner of a maximum, the whole number of a `floor`.
/// Two runs with equal notes lie on one smooth piece. The distance to the nearest kink is noted, too.
final class Pieces implements Env.Around {
    private final Env world;
    private int[] notes = new int[64];
    private int count;
    private double margin = Double.POSITIVE_INFINITY;

    Pieces(Env world) {
        this.world = world;
    }

    /// How many elements have kinks.
    int count() {
        return count;
    }

    /// How near the nearest kink lies, in units of the operand that has it.
    double margin() {
        return margin;
    }

    /// How many elements lie on another piece than in either of two runs of the same graph.
    int apart(Pieces below, Pieces above) {
        int apart = 0;
        for (int i = 0; i < count; i++) if (i >= below.count || i >= above.count || notes[i] != below.notes[i] || notes[i] != above.notes[i]) apart++;
        return apart;
    }

    boolean sameAs(Pieces other) {
        return count == other.count && Arrays.equals(notes, 0, count, other.notes, 0, count);
    }

    @Override
    public void computed(Value v, List<Array> operands, Array y) {
        world.computed(v, operands, y);
        switch (v.op()) {
            case Map m when m.fn().kink().isPresent() -> function(m.fn(), operands, y);
            case Max m -> maximum(m, operands.getFirst(), y);
            case WindowMax m -> windows(m, operands.getFirst(), y);
            case ArgMax _ -> values(y);
            case Cast c when c.dtype() != DType.f32 && c.x().type().dtype() == DType.f32 -> values(y);
            default -> {}
        }
    }

    private void function(Fn fn, List<Array> operands, Array y) {
        var x = new double[operands.size()];
        for (int i = 0; i < y.data().length; i++) {
            for (int k = 0; k < x.length; k++) x[k] = operands.get(k).data()[i];
            note(piece(fn, x, y.data()[i]));
            margin = Math.min(margin, fn.kink().orElseThrow().margin(x));
        }
    }

    /// A function without slope is on the piece of its value, any other on that of its slope.
    private static int piece(Fn fn, double[] x, double y) {
        if (fn.equals(Functions.MAX) || fn.equals(Functions.MIN)) return Double.compare(x[0], x[1]);
        if (fn.equals(Functions.ABS)) return (int) Math.signum(x[0]);
        if (fn.equals(Functions.MOD)) return (int) Math.floor(x[0] / x[1]);
        return fn.derivative(0).isEmpty() ? (int) y : Double.hashCode(fn.derivative(0).get().evaluate(x, y, 1));
    }

    private void maximum(Max op, Array x, Array y) {
        int[] strides = y.strides();
        int[] steps = new int[x.shape().length];
        for (int axis = 0, next = 0; axis < steps.length; axis++) if (!op.axes().contains(axis)) steps[axis] = strides[next++];
        var first = new int[y.data().length];
        var second = new double[y.data().length];
        Arrays.fill(first, -1);
        Arrays.fill(second, Double.NEGATIVE_INFINITY);
        var at = new int[x.shape().length];
        for (int i = 0; i < x.data().length; i++) {
            int out = 0;
            for (int axis = 0; axis < at.length; axis++) out += at[axis] * steps[axis];
            if (first[out] < 0 && x.data()[i] == y.data()[out]) first[out] = i;
            else second[out] = Math.max(second[out], x.data()[i]);
            for (int axis = at.length - 1; axis >= 0 && ++at[axis] == x.shape()[axis]; axis--) at[axis] = 0;
        }
        for (int out = 0; out < first.length; out++) {
            note(first[out]);
            margin = Math.min(margin, y.data()[out] - second[out]);
        }
    }

    private void windows(WindowMax op, Array x, Array y) {
        var at = new int[y.shape().length];
        for (int i = 0; i < y.data().length; i++) {
            note(WindowMax.first(x, at, op.slides()));
            for (int axis = at.length - 1; axis >= 0 && ++at[axis] == y.shape()[axis]; axis--) at[axis] = 0;
        }
    }

    private void values(Array y) {
        for (double v : y.data()) note((int) v);
    }

    private void note(int piece) {
        if (count == notes.length) notes = Arrays.copyOf(notes, 2 * count);
        notes[count++] = piece;
    }

    @Override
    public Env world() {
        return world;
    }
}
