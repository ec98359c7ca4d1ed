package dev.kiln.runtime;

import java.util.Arrays;

/// How a parameter gets its first values: a function of seed and stable name alone, so a network of one seed always begins with the same bits.
///
/// Element `e` of parameter `name` draws from place `name` at step 0 (see [Threefry]); what needs several draws for an element takes them from counters
/// `(e, 1), (e, 2), …`.
public sealed interface Initialiser {
    /// The logical row-major values of a parameter.
    float[] values(long seed, String name, int... shape);

    record Constant(float value) implements Initialiser {
        @Override
        public float[] values(long seed, String name, int... shape) {
            float[] values = new float[Shapes.size(shape)];
            Arrays.fill(values, value);
            return values;
        }
    }

    /// Uniform in [low, high).
    record Uniform(float low, float high) implements Initialiser {
        public Uniform {
            if (!(low <= high)) throw new IllegalArgumentException("uniform(" + low + ", " + high + ") is empty");
        }

        @Override
        public float[] values(long seed, String name, int... shape) {
            var draws = new Draws(seed, name);
            float[] values = new float[Shapes.size(shape)];
            for (int e = 0; e < values.length; e++) values[e] = (float) (low + ((double) high - low) * draws.uniform(e, 0));
            return values;
        }
    }

    record Normal(float mean, float variance) implements Initialiser {
        public Normal {
            if (!(variance >= 0)) throw new IllegalArgumentException("a variance must not be negative, got " + variance);
        }

        @Override
        public float[] values(long seed, String name, int... shape) {
            var draws = new Draws(seed, name);
            double deviation = Math.sqrt(variance);
            float[] values = new float[Shapes.size(shape)];
            for (int e = 0; e < values.length; e++) values[e] = (float) (mean + deviation * draws.normal(e, 0));
            return values;
        }
    }

    /// A normal distribution drawn again until the value lies within two deviations of the mean. `variance` is that of the normal distribution before the cut; the
    /// values' own is 0.774 of it.
    record TruncatedNormal(float mean, float variance) implements Initialiser {
        public TruncatedNormal {
            if (!(variance >= 0)) throw new IllegalArgumentException("a variance must not be negative, got " + variance);
        }

        @Override
        public float[] values(long seed, String name, int... shape) {
            var draws = new Draws(seed, name);
            double deviation = Math.sqrt(variance);
            float[] values = new float[Shapes.size(shape)];
            for (int e = 0; e < values.length; e++) {
                int round = 0;
                double z = draws.normal(e, round);
                while (Math.abs(z) > 2) z = draws.normal(e, ++round);
                values[e] = (float) (mean + deviation * z);
            }
            return values;
        }
    }

    /// Rows (or columns, whichever are fewer) that are orthogonal and of length `gain`; a tensor of higher rank is a matrix whose columns are its last axis. The Q of a
    /// QR decomposition of normal numbers, with the signs that make it uniform over all such matrices (Saxe et al. 2014; Mezzadri 2007).
    record Orthogonal(float gain) implements Initialiser {
        @Override
        public float[] values(long seed, String name, int... shape) {
            if (shape.length < 2) throw new ShapeException("orthogonal initialisation of '" + name + "' needs at least two axes, its shape is " + Arrays.toString(shape));
            int size = Shapes.size(shape);
            int columns = shape[shape.length - 1];
            int rows = columns == 0 ? 0 : size / columns;
            var draws = new Draws(seed, name);
            double[][] vectors = new double[Math.min(rows, columns)][Math.max(rows, columns)];
            for (int i = 0; i < vectors.length; i++) {
                for (int j = 0; j < vectors[i].length; j++) vectors[i][j] = draws.normal((long) i * vectors[i].length + j, 0);
                orthonormalise(vectors, i);
            }
            float[] values = new float[size];
            for (int r = 0; r < rows; r++) {
                for (int c = 0; c < columns; c++) values[r * columns + c] = (float) (gain * (rows <= columns ? vectors[r][c] : vectors[c][r]));
            }
            return values;
        }

        /// Gram-Schmidt, twice for full precision. Its R has a positive diagonal, which is the sign that uniformity wants.
        private static void orthonormalise(double[][] vectors, int last) {
            double[] v = vectors[last];
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < last; i++) {
                    double dot = dot(vectors[i], v);
                    for (int j = 0; j < v.length; j++) v[j] -= dot * vectors[i][j];
                }
                double length = Math.sqrt(dot(v, v));
                for (int j = 0; j < v.length; j++) v[j] /= length;
            }
        }

        private static double dot(double[] a, double[] b) {
            double sum = 0;
            for (int j = 0; j < a.length; j++) sum += a[j] * b[j];
            return sum;
        }
    }
}
