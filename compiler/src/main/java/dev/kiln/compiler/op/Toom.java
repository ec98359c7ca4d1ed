package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The matrices of F(m×m, r×r) with m + r - 1 = 6: `m` neighbouring results of a filter of `r` taps, of six inputs, with six products instead of m·r; both ways at once 36 instead of
/// 144 (m = 4, r = 3) or 100 (m = 2, r = 5): `Y = A ((G·w·Gᵀ) ⊙ (B·x·Bᵀ)) Aᵀ`. From the points 0, ±1, ±2 and infinity, so `B` is the same for all; Lavin and Gray 2016, section 4.3.
/// @param taps of a filter along each axis
record Toom(int taps) {
    /// Inputs of a tile along each axis, and products.
    static final int PRODUCTS = 6;

    static final double[][] B = {
        {4, 0, -5, 0, 1, 0},
        {0, -4, -4, 1, 1, 0},
        {0, 4, -4, -1, 1, 0},
        {0, -2, -1, 2, 1, 0},
        {0, 2, -1, -2, 1, 0},
        {0, 4, 0, -5, 0, 1}
    };

    private static final double[] POINTS = {0, 1, -1, 2, -2};
    /// What a filter's value at each point is multiplied by: one over the product of the distances to the others.
    private static final double[] SHARES = {1 / 4.0, -1 / 6.0, -1 / 6.0, 1 / 24.0, 1 / 24.0};

    Toom {
        Fit.require(taps > 1 && taps < PRODUCTS, "transforms have 2 to 5 taps, not %d", taps);
    }

    /// Results of a tile along each axis.
    int results() {
        return PRODUCTS + 1 - taps;
    }

    /// A filter as a polynomial, at the points; at infinity that is its last coefficient.
    double[][] g() {
        var matrix = new double[PRODUCTS][taps];
        for (int i = 0; i < POINTS.length; i++)
            for (int r = 0; r < taps; r++) matrix[i][r] = SHARES[i] * Math.pow(POINTS[i], r);
        matrix[PRODUCTS - 1][taps - 1] = 1;
        return matrix;
    }

    double[][] a() {
        var matrix = new double[results()][PRODUCTS];
        for (int k = 0; k < results(); k++)
            for (int i = 0; i < POINTS.length; i++) matrix[k][i] = Math.pow(POINTS[i], k);
        matrix[results() - 1][PRODUCTS - 1] = 1;
        return matrix;
    }

    static Value constant(Graph g, double[][] matrix) {
        return g.add(new Const(TensorType.f32(matrix.length, matrix[0].length), Arrays.stream(matrix).flatMapToDouble(Arrays::stream).boxed().toList()));
    }

    static Access read(Affine... dims) {
        return new Access(List.of(dims));
    }

    static Affine at(int axis) {
        return Affine.axis(axis);
    }

    /// `results·tile + place - before`
    Affine inTile(int tile, int place, int before) {
        return new Affine(Map.of(tile, results(), place, 1), -before, 1);
    }

    /// The tile in which `at` has that place: `(at + before - place) / results`.
    Affine tileOf(int at, int place, int before) {
        return new Affine(Map.of(at, 1, place, -1), before, results());
    }
}
