package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Embeddings and their pairs against the double loop over all pairs.
class EmbeddingTest {
    private static final Array IDS = new Array(new int[] {2, 3}, new double[] {4, 0, 2, 1, 1, 3});

    @Test
    void anIdReadsItsRow() {
        var lab = Lab.of("network Net() { in x: i32[N, 3]  out y = x |> Embedding(5, 4) }", 2);
        Array y = lab.predict(IDS);
        for (int n = 0; n < 2; n++) for (int f = 0; f < 3; f++) for (int e = 0; e < 4; e++) assertEquals(lab.parameter("table").get((int) IDS.get(n, f), e), y.get(n, f, e));
    }

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
        Array weight = lab.parameter("linear_1.weight.field_embedding_1.table");
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

    /// The deep parts are those of the library, `fm` and `bi_interaction` are held above; here it is what is added to what.
    @Test
    void blocksOfPairsAreSumsOfTheirParts() {
        var lab = Lab.of("""
                network Net() {
                  in x: i32[N, 3]
                  wide = WideDeep(5, 4, 6)  both = DeepFM(5, 4, 6)  neural = NFM(5, 4, 6)
                  out a = wide(x)  out b = both(x)  out c = neural(x)
                }
                """, 2);
        var out = lab.run("predict", Map.of("x", IDS)).outputs();
        for (int n = 0; n < 2; n++) {
            assertEquals(linear(lab, "wide", n) + deep(lab, "wide", n, false), out.get("a").get(n), 1e-12);
            assertEquals(linear(lab, "both", n) + deep(lab, "both", n, false) + Arrays.stream(pairs(lab, "both", n)).sum(), out.get("b").get(n), 1e-12);
            assertEquals(linear(lab, "neural", n) + deep(lab, "neural", n, true), out.get("c").get(n), 1e-12);
        }
    }

    private static double linear(Lab lab, String block, int n) {
        double sum = lab.parameter(block + ".linear_1.bias").get();
        for (int f = 0; f < 3; f++) sum += lab.parameter(block + ".linear_1.weight.field_embedding_1.table").get(5 * f + (int) IDS.get(n, f), 0);
        return sum;
    }

    private static double vector(Lab lab, String block, int n, int f, int e) {
        return lab.parameter(block + ".vector.table").get(5 * f + (int) IDS.get(n, f), e);
    }

    private static double[] pairs(Lab lab, String block, int n) {
        double[] sum = new double[4];
        for (int f = 0; f < 3; f++)
            for (int g = f + 1; g < 3; g++) for (int e = 0; e < 4; e++) sum[e] += vector(lab, block, n, f, e) * vector(lab, block, n, g, e);
        return sum;
    }

    private static double deep(Lab lab, String block, int n, boolean ofPairs) {
        double[] in = new double[ofPairs ? 4 : 12];
        for (int f = 0; f < 3; f++) for (int e = 0; e < 4; e++) if (!ofPairs) in[4 * f + e] = vector(lab, block, n, f, e);
        if (ofPairs) in = pairs(lab, block, n);
        String deep = block + ".deep_1.h.";
        double y = lab.parameter(deep + "dense_2.b").get(0);
        for (int u = 0; u < 6; u++) {
            double h = lab.parameter(deep + "dense_1.b").get(u);
            for (int i = 0; i < in.length; i++) h += in[i] * lab.parameter(deep + "dense_1.W").get(i, u);
            y += Math.max(h, 0) * lab.parameter(deep + "dense_2.W").get(u, 0);
        }
        return y;
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

    @Test
    void aBagIsTheSumOfItsRows() {
        var lab = Lab.of("network Net() { in x: i32[N, T~len]  in value: f32[N, T~len]  bag = EmbeddingBag(5, 4)  out y = bag(x, value)  out z = bag(x) }", 2);
        Array value = Lab.drawn(new Random(4), -1, 1, 2, 3);
        var out = lab.run("predict", Map.of("x", IDS, "value", value, "len", new Array(new int[] {2}, new double[] {2, 0}))).outputs();
        for (int e = 0; e < 4; e++) {
            assertEquals(value.get(0, 0) * lab.parameter("table").get(4, e) + value.get(0, 1) * lab.parameter("table").get(0, e), out.get("y").get(0, e), 1e-12);
            assertEquals(lab.parameter("table").get(4, e) + lab.parameter("table").get(0, e), out.get("z").get(0, e), 1e-12);
            assertEquals(0, out.get("y").get(1, e));
        }
    }

    @Test
    void idsAreSortedIntoBuckets() {
        var lab = Lab.of("network Net() { in x: i32[N]  out y = hash(x, 1000)  out z = hash(x, 1000, seed: 3) }", 2);
        double[] ids = new Random(5).ints(4000, -1 << 24, 1 << 24).asDoubleStream().toArray();
        ids[0] = 0;
        ids[1] = (1 << 24) - 1;
        ids[2] = -1;
        ids[3] = -4097;
        ids[4] = -1 << 24;
        var out = lab.run("predict", Map.of("x", new Array(new int[] {4000}, ids))).outputs();
        int[] counts = new int[1000];
        int other = 0;
        for (int i = 0; i < ids.length; i++) {
            long id = (long) ids[i];
            long first = Math.floorMod(2531 * Math.floorDiv(id, 4096L) + 1637 * Math.floorMod(id, 4096L) + 977, 4093L);
            long second = Math.floorMod(3313 * Math.floorDiv(id, 4096L) + 2803 * Math.floorMod(id, 4096L) + 1499, 4091L);
            assertEquals((double) ((4091 * first + second) % 1000), out.get("y").get(i), "bucket of " + id);
            counts[(int) out.get("y").get(i)]++;
            if (out.get("z").get(i) != out.get("y").get(i)) other++;
        }
        assertTrue(Arrays.stream(counts).max().orElseThrow() < 20, "a bucket holds four on average");
        assertTrue(other > 3900, "another seed sorts otherwise");
    }
}
