package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Limits;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.util.List;

/// The classes of a kernel at a width.
public final class KernelEmitter {
    private KernelEmitter() {}

    /// Emits `basePackage.k512.Name` or its like; the other widths hold the same computation with the same bits.
    /// @return the kernel first, then the classes it calls, which other kernels may share
    /// @throws dev.kiln.compiler.bytecode.LimitException when the kernel is larger than the JVM compiles well
    public static List<GeneratedClass> emit(KernelKey key, Width width, String basePackage) {
        ClassDesc name = name(key, width, basePackage);
        return switch (key) {
            case TileKey tile -> new TileEmitter(tile, width).emit(name);
            case PairKey pair -> new PairEmitter(pair, width, (other, w) -> name(other, w, basePackage)).emit(name);
            case ChannelKey channel -> List.of(new ChannelEmitter(channel, width).emit(name));
            case SlideKey slide -> List.of(new SlideEmitter(slide, width).emit(name));
            case RowsKey rows -> List.of(new RowsEmitter(rows, width).emit(name));
            case WindowKey window -> List.of(new WindowEmitter(window, width).emit(name));
            case TransformKey transform -> List.of(new TransformEmitter(transform, width).emit(name));
        };
    }

    /// What a driver calls.
    public static ClassDesc name(KernelKey key, Width width, String basePackage) {
        String inner = KernelKey.packageName(width);
        return ClassDesc.of(basePackage.isEmpty() ? inner : basePackage + "." + inner, key.className());
    }

    /// Where a method begins that idle calls come to, see [KernelKey#idle].
    static void idle(Code code, KernelKey key, Arguments p) {
        Expr extent = p.get(key.idle());
        code.when(extent.lessThan(Expr.of(0)), () -> {
            code.loop("idle", extent, Expr.of(0), 1, _ -> {});
            code.end();
        });
    }

    static Limits limits(Width width) {
        return switch (width) {
            case W512 -> Limits.WIDE;
            case W256, W128 -> Limits.NARROW;
            case W1 -> Limits.PLAIN;
        };
    }
}
