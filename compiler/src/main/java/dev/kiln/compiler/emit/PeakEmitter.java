package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Emits fused multiply-adds in registers alone: `static void run(float[] x, int turns)`, which no kernel of this width can outrun. Twelve independent sums cover the
/// latency of the units and stay in the registers of AVX2. `x` holds the factors at 0 and at 16, and takes the sums at 32.
public final class PeakEmitter {
    public static final int SUMS = 12;

    private PeakEmitter() {}

    public static GeneratedClass emit(ClassDesc name, Width width) {
        var builder = new ClassBuilder(name, "peak", KernelEmitter.limits(width));
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), "run", MethodTypeDesc.of(CD_void, CD_float.arrayType(), CD_int), List.of("x", "turns"), (code, p) -> {
            Lanes lanes = width == Width.W1 ? new ScalarLanes(code) : new VectorLanes(code, width.lanes());
            Expr a = code.let("a", lanes.load(p.getFirst(), Expr.of(0)));
            Expr b = code.let("b", lanes.load(p.getFirst(), Expr.of(16)));
            List<Expr> sums = IntStream.range(0, SUMS).mapToObj(i -> code.let("sum" + i, b)).toList();
            code.loop("turn", p.get(1), _ -> sums.forEach(sum -> code.set(sum, lanes.fma(b, a, sum))));
            lanes.store(p.getFirst(), Expr.of(32), sums.stream().reduce(lanes::add).orElseThrow());
        });
        return builder.build();
    }
}
