package dev.kiln.bench;

import java.util.List;
import java.util.stream.Stream;

/// All that can be measured, in the order of the table.
final class Items {
    static final List<Item> ALL = List.of(
            new SideBySide("peak512", _ -> peak(512)),
            new SideBySide("peak256", _ -> peak(256)),
            new SideBySide("gemm_512", Models::gemm),
            new SideBySide("conv3x3_64_56", Models::conv),
            new SideBySide("conv3x3_64_56_nchw", Models::convNchw),
            new SideBySide("mlp_b1", s -> Models.mlp(s, 1)),
            new SideBySide("mlp_b32", s -> Models.mlp(s, 32)),
            new ColdStart("cold_digits", "examples/digits/digits.nn"));

    private Items() {}

    private static List<Contender> peak(int width) {
        if (!Peak.has(width)) throw new BenchException("this machine has no vectors of " + width + " bit");
        return Stream.<Contender>of(new Peak(width)).toList();
    }
}
