package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.Set;
import java.util.function.BiConsumer;

/// Emits window kernels: pixel by pixel along a row, in each the channels in vectors and then one by one. Forward kinds walk over the window of a result pixel, gradients
/// over the windows that contain an image pixel, so each call writes its own row only.
record WindowEmitter(WindowKey key, Width width) {
    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.className() + ".window", KernelEmitter.limits(width));
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), "run", key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(), (code, locals) -> {
            var p = new Arguments(key.parameters(), locals);
            switch (key.kind()) {
                case MAX, SUM -> forward(code, p);
                case MAX_GRADIENT, SUM_GRADIENT -> gradient(code, p);
            }
        });
        return builder.build();
    }

    /// Places from..to along one axis.
    private record Range(Expr from, Expr to) {}

    /// The part of the window that begins at `first` and lies within 0..extent, as places of the image.
    private static Range within(Code code, String name, Expr first, Expr kernel, Expr extent) {
        var scalars = new ScalarLanes(code);
        return new Range(
                code.let(name + "From", scalars.max(Expr.of(0), first)),
                code.let(name + "To", scalars.min(extent, first.plus(kernel))));
    }

    /// The windows that contain the image's place `at`: those that start in at + pad - kernel < i*step ≤ at + pad.
    private static Range containing(Code code, String name, Expr at, Expr kernel, Expr step, Expr pad, Expr windows) {
        var scalars = new ScalarLanes(code);
        Expr last = at.plus(pad);
        return new Range(
                code.let(name + "From", scalars.max(Expr.of(0), last.minus(kernel).plus(step).over(step))),
                code.let(name + "To", scalars.min(windows, last.over(step).plus(1))));
    }

    /// Runs the body for all channels: with vectors at first, then with single lanes.
    private void channels(Code code, Arguments p, BiConsumer<Lanes, Expr> body) {
        Expr from = Expr.of(0);
        if (width != Width.W1) {
            var vectors = new VectorLanes(code, width.lanes());
            Expr bound = code.let("bound", p.get("C").and(Expr.of(-width.lanes())));
            code.loop("c", from, bound, width.lanes(), c -> body.accept(vectors, c));
            from = bound;
        }
        code.loop("c", from, p.get("C"), 1, c -> body.accept(new ScalarLanes(code), c));
    }

    private void forward(Code code, Arguments p) {
        Range rows = within(code, "h", code.let("top", p.get("at").times(p.get("stepH")).minus(p.get("padH"))), p.get("kernelH"), p.get("H"));
        code.loop("q", p.get("Q"), q -> {
            Range columns = within(code, "w", code.let("left", q.times(p.get("stepW")).minus(p.get("padW"))), p.get("kernelW"), p.get("W"));
            Expr yAt = code.let("yAt", p.get("yO").plus(p.get("at").times(p.get("yRow"))).plus(q.times(p.get("yPixel"))));
            channels(code, p, (lanes, c) -> {
                Expr result = code.let("result", lanes.literal(key.kind() == WindowKey.Kind.MAX ? Float.NEGATIVE_INFINITY : 0f));
                pixels(code, rows, columns, (h, w) -> {
                    Expr x = lanes.load(p.get("x"), pixel(p, "x", h, w).plus(c));
                    code.set(result, key.kind() == WindowKey.Kind.MAX ? lanes.max(result, x) : lanes.add(result, x));
                });
                lanes.store(p.get("y"), yAt.plus(c), result);
            });
        });
    }

    private void gradient(Code code, Arguments p) {
        Expr h = p.get("at");
        Range rows = containing(code, "p", h, p.get("kernelH"), p.get("stepH"), p.get("padH"), p.get("P"));
        code.loop("w", p.get("W"), w -> {
            Range columns = containing(code, "q", w, p.get("kernelW"), p.get("stepW"), p.get("padW"), p.get("Q"));
            Expr xPlace = code.let("xPlace", pixel(p, "x", h, w));
            Expr ePlace = code.let("ePlace", pixel(p, "e", h, w));
            channels(code, p, (lanes, c) -> {
                Expr sum = code.let("sum", lanes.literal(0f));
                pixels(code, rows, columns, (i, j) -> {
                    Expr d = code.let("d", lanes.load(p.get("d"), pixel(p, "d", i, j).plus(c)));
                    Expr share = key.kind() == WindowKey.Kind.SUM_GRADIENT ? d : ifFirst(code, lanes, p, new Place(h, w, i, j, c), xPlace, d);
                    code.set(sum, lanes.add(sum, share));
                });
                lanes.store(p.get("e"), ePlace.plus(c), sum);
            });
        });
    }

    /// A pixel of the image in a window, at a channel.
    private record Place(Expr h, Expr w, Expr p, Expr q, Expr c) {}

    /// d where this pixel is the first of its window that equals the maximum, else 0. The pixels before it are the rows above and the part of its own row on the left.
    private static Expr ifFirst(Code code, Lanes lanes, Arguments p, Place at, Expr xPlace, Expr d) {
        Expr maximum = code.let("maximum", lanes.load(p.get("y"), pixel(p, "y", at.p, at.q).plus(at.c)));
        Expr here = code.let("here", lanes.load(p.get("x"), xPlace.plus(at.c)));
        Expr before = code.let("before", lanes.literal(0f));
        Expr top = code.let("top", at.p.times(p.get("stepH")).minus(p.get("padH")));
        Range rows = new Range(code.let("hFrom", new ScalarLanes(code).max(Expr.of(0), top)), code.let("hTo", at.h.plus(1)));
        Range all = within(code, "w", code.let("left", at.q.times(p.get("stepW")).minus(p.get("padW"))), p.get("kernelW"), p.get("W"));
        code.loop("above", rows.from, rows.to, 1, h -> {
            Expr end = code.let("end", at.w.when(h.equalTo(at.h), all.to));
            code.loop("beside", all.from, end, 1, w -> {
                Expr x = lanes.load(p.get("x"), pixel(p, "x", h, w).plus(at.c));
                code.set(before, lanes.select(lanes.equal(x, maximum), lanes.literal(1f), before));
            });
        });
        Expr candidate = code.let("candidate", lanes.select(lanes.equal(here, maximum), d, lanes.literal(0f)));
        return code.let("share", lanes.select(lanes.equal(before, lanes.literal(0f)), candidate, lanes.literal(0f)));
    }

    private static void pixels(Code code, Range rows, Range columns, BiConsumer<Expr, Expr> body) {
        code.loop("i", rows.from, rows.to, 1, i -> code.loop("j", columns.from, columns.to, 1, j -> body.accept(i, j)));
    }

    /// Where pixel (h, w) of an array starts.
    private static Expr pixel(Arguments p, String array, Expr h, Expr w) {
        return p.get(array + "O").plus(h.times(p.get(array + "Row"))).plus(w.times(p.get(array + "Pixel")));
    }
}
