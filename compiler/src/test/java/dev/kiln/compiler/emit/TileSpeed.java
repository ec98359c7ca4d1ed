package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Limits;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// Prints the speed of tiles as a share of the multiply-adds that registers alone reach in the same run. A tool for people, no test: run `main` with
/// tiles as `ROWSxCOLUMNS:K` and optionally `:aRow` to bake the row stride.
final class TileSpeed {
    private static float sink;

    private TileSpeed() {}

    public static void main(String[] arguments) throws Throwable {
        List<String> tiles = arguments.length > 0 ? List.of(arguments) : List.of("12x32:512", "8x32:512", "6x32:512", "12x32:64", "1x128:512", "4x64:512");
        for (Width width : List.of(Width.W512, Width.W256, Width.W128)) {
            MethodHandle peak = peak(width);
            for (String tile : tiles) report(width, peak, tile);
        }
        System.out.println("the multiply-adds came to " + sink);
    }

    private static void report(Width width, MethodHandle peak, String tile) throws Throwable {
        String[] parts = tile.split("[x:]", -1);
        int rows = Integer.parseInt(parts[0]);
        int columns = Integer.parseInt(parts[1]);
        int k = Integer.parseInt(parts[2]);
        var aRow = parts.length > 3 ? OptionalInt.of(Integer.parseInt(parts[3])) : OptionalInt.empty();
        MethodHandle run = Kernels.load(new TileKey(rows, columns, aRow, Start.BIAS, Act.RELU), width);
        int stride = aRow.orElse(k + 16);
        float[] a = Figures.random(1, rows * stride + k + 16);
        float[] b = Figures.random(2, columns * k + 64);
        float[] c = new float[rows * columns + 64];
        int calls = Math.max(1, 40_000_000 / (rows * columns * k));
        double best = 0;
        double most = 0;
        double[] shares = new double[60];
        for (int sample = 0; sample < shares.length; sample++) {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++)
                run.invokeExact(k, a, 12, b, 12, c, 12, a, 12, c, 12, stride, 1, 32, 32 * k, columns, 0, 1, 0, 0, 1, 0, 0);
            double speed = 2.0 * rows * columns * k * calls / (System.nanoTime() - start);
            int rounds = 20_000_000 / (width.lanes() * sums(width));
            start = System.nanoTime();
            sink += (float) peak.invokeExact(rounds);
            double possible = 2.0 * rounds * width.lanes() * sums(width) / (System.nanoTime() - start);
            if (sample >= 20) {
                best = Math.max(best, speed);
                most = Math.max(most, possible);
            }
            shares[sample] = speed;
        }
        Arrays.sort(shares, 20, shares.length);
        System.out.printf("%s %-16s %6.1f GF/s best, %5.1f %% of peak %6.1f; median %5.1f %%%n", width, tile, best, 100 * best / most, most, 100 * shares[40] / most);
    }

    private static int sums(Width width) {
        return width == Width.W512 ? 24 : 12;
    }

    /// Multiply-adds on registers alone.
    private static MethodHandle peak(Width width) throws ReflectiveOperationException {
        var builder = new ClassBuilder(ClassDesc.of("test.peak", "Peak" + width), "peak", Limits.WIDE);
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), "run", MethodTypeDesc.of(CD_float, CD_int), List.of("n"), (code, p) -> {
            var lanes = new VectorLanes(code, width.lanes());
            Expr x = code.let("x", lanes.literal(0.999f));
            Expr y = code.let("y", lanes.literal(1e-3f));
            var sums = new ArrayList<Expr>();
            for (int i = 0; i < sums(width); i++) sums.add(code.let("c", lanes.literal((float) i)));
            code.loop("k", p.getFirst(), _ -> sums.forEach(s -> code.set(s, lanes.fma(x, y, s))));
            Expr out = code.let("out", Expr.newArray(CD_float, Expr.of(width.lanes())));
            for (Expr s : sums.subList(1, sums.size())) code.set(sums.getFirst(), lanes.add(sums.getFirst(), s));
            lanes.store(out, Expr.of(0), sums.getFirst());
            code.end(out.at(0));
        });
        GeneratedClass generated = builder.build();
        return MethodHandles.publicLookup().findStatic(Kernels.define(generated), "run",
                MethodType.methodType(float.class, int.class));
    }
}
