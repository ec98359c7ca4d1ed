package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// The matrices of F(4×4, 3×3): four neighbouring results of a filter of three taps, of six inputs, with six products instead of twelve; both ways at once 36 instead of 144:
/// `Y = A ((G·w·Gᵀ) ⊙ (B·x·Bᵀ)) Aᵀ`. From the points 0, ±1, ±2 and infinity; Lavin and Gray 2016, section 4.3.
final class Toom {
    /// Results of a tile along each axis.
    static final int RESULTS = 4;
    /// Inputs of a tile along each axis, and products.
    static final int PRODUCTS = 6;
    static final int TAPS = 3;

    static final double[][] B = {
        {4, 0, -5, 0, 1, 0},
        {0, -4, -4, 1, 1, 0},
        {0, 4, -4, -1, 1, 0},
        {0, -2, -1, 2, 1, 0},
        {0, 2, -1, -2, 1, 0},
        {0, 4, 0, -5, 0, 1}
    };

    static final double[][] G = {
        {1 / 4.0, 0, 0},
        {-1 / 6.0, -1 / 6.0, -1 / 6.0},
        {-1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0},
        {1 / 24.0, -1 / 12.0, 1 / 6.0},
        {0, 0, 1}
    };

    static final double[][] A = {
        {1, 1, 1, 1, 1, 0},
        {0, 1, -1, 2, -2, 0},
        {0, 1, 1, 4, 4, 0},
        {0, 1, -1, 8, -8, 1}
    };

    private Toom() {}

    static Value constant(Graph g, double[][] matrix) {
        return g.add(new Const(TensorType.f32(matrix.length, matrix[0].length), Arrays.stream(matrix).flatMapToDouble(Arrays::stream).boxed().toList()));
    }

    static Access read(Affine... dims) {
        return new Access(List.of(dims));
    }

    static Affine at(int axis) {
        return Affine.axis(axis);
    }

    /// `4·tile + place - before`
    static Affine inTile(int tile, int place, int before) {
        return new Affine(Map.of(tile, RESULTS, place, 1), -before, 1);
    }

    /// The tile in which `at` has that place: `(at + before - place) / 4`.
    static Affine tileOf(int at, int place, int before) {
        return new Affine(Map.of(at, 1, place, -1), before, RESULTS);
    }
}
