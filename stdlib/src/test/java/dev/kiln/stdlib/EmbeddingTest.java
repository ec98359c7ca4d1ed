package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Embeddings and their pairs against the double loop over all pairs.
class EmbeddingTest {
    private static final Array IDS = new Array(new int[] {2, 3}, new double[] {4, 0, 2, 1, 1, 3});

    @Test
    void fieldsHaveTheirOwnRows() {
        var lab = Lab.of("network Net() { in x: i32[N, 3]  out y = x |> FieldEmbedding(5, 4) }", 2);
        Array y = lab.predict(IDS);
        for (int n = 0; n < 2; n++)
            for (int f = 0; f < 3; f++)
                for (int e = 0; e < 4; e++) assertEquals(lab.parameter("table").get(5 * f + (int) IDS.get(n, f), e), y.get(n, f, e));
    }

    @Test
    void factorisationMachineIsTheSumOverAllPairs() {
        var lab = Lab.of("network Net() { in x: i32[N, 3]  out y = x |> FactorisationMachine(5, 4) }", 2);
        Array table = lab.parameter("vector.table");
        Array weight = lab.parameter("field_embedding_1.table");
        Array y = lab.predict(IDS);
        for (int n = 0; n < 2; n++) {
            double sum = lab.parameter("bias").get();
            for (int f = 0; f < 3; f++) {
                int row = 5 * f + (int) IDS.get(n, f);
                sum += weight.get(row, 0);
                for (int g = f + 1; g < 3; g++) for (int e = 0; e < 4; e++) sum += table.get(row, e) * table.get(5 * g + (int) IDS.get(n, g), e);
            }
            assertEquals(sum, y.get(n), 1e-12);
        }
    }

    @Test
    void realFeaturesWeighRows() {
        var lab = Lab.of("network Net() { in x: f32[N, 3]  out y = x |> WeightedEmbedding(4) }", 2);
        Array x = Lab.drawn(new Random(1), -1, 1, 2, 3);
        Array y = lab.predict(x);
        for (int n = 0; n < 2; n++)
            for (int e = 0; e < 4; e++) {
                double sum = 0;
                for (int r = 0; r < 3; r++) sum += x.get(n, r) * lab.parameter("table").get(r, e);
                assertEquals(sum, y.get(n, e), 1e-12);
            }
    }

    @Test
    void pairsAndOuterProducts() {
        var lab = Lab.of("network Net() { in v: f32[N, 3, 2]  out p = pair_products(v)  out b = bi_interaction(v)  out o = outer_product(fm(v)[0..0] |> f, v[0..0, 0, 0..1]) } fn f(x: f32[N]) -> f32[N, 1] { y[n, i < 1] = x[n] return y }", 2);
        Array v = Lab.drawn(new Random(1), -1, 1, 1, 3, 2);
        var out = lab.run("predict", Map.of("v", v)).outputs();
        double[] bi = new double[2];
        for (int f = 0; f < 3; f++)
            for (int g = 0; g < 3; g++) {
                double sum = 0;
                for (int e = 0; e < 2; e++) {
                    sum += v.get(0, f, e) * v.get(0, g, e);
                    if (f < g) bi[e] += v.get(0, f, e) * v.get(0, g, e);
                }
                assertEquals(sum, out.get("p").get(0, f, g), 1e-12);
            }
        for (int e = 0; e < 2; e++) {
            assertEquals(bi[e], out.get("b").get(0, e), 1e-12);
            assertEquals((bi[0] + bi[1]) * v.get(0, 0, e), out.get("o").get(0, 0, e), 1e-12);
        }
    }
}
