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
            KernelEmitter.idle(code, key, p);
            switch (key.kind()) {
                case MAX -> forward(code, p);
                case MAX_GRADIENT -> gradient(code, p);
            }
        });
        return builder.build();
    }

    /// Numbers from..to along one axis.
    private record Range(Expr from, Expr to) {}

    private Expr dilation(Arguments p, String axis) {
        return key.dilated() ? p.get("dilation" + axis) : Expr.of(1);
    }

    /// The taps of the window that begins at `first` that lie within 0..extent.
    private Range within(Code code, Arguments p, String axis, Expr first) {
        var scalars = new ScalarLanes(code);
        Expr dilation = dilation(p, axis);
        Expr up = dilation.minus(1);
        return new Range(
                code.let("from" + axis, scalars.max(Expr.of(0), over(up.minus(first), dilation))),
                code.let("to" + axis, scalars.min(p.get("kernel" + axis), over(p.get(axis).minus(first).plus(up), dilation))));
    }

    /// The windows that may contain the image's place `at`: those whose first tap lies in at + pad - (kernel - 1)·dilation ≤ i*step ≤ at + pad.
    private Range containing(Code code, Arguments p, String axis, Expr at, Expr windows) {
        var scalars = new ScalarLanes(code);
        Expr step = p.get("step" + axis);
        Expr last = at.plus(p.get("pad" + axis));
        Expr span = p.get("kernel" + axis).minus(1).times(dilation(p, axis));
        return new Range(
                code.let("first" + axis, scalars.max(Expr.of(0), last.minus(span).plus(step).minus(1).over(step))),
                code.let("last" + axis, scalars.min(windows, last.over(step).plus(1))));
    }

    private Expr over(Expr distance, Expr dilation) {
        return key.dilated() ? distance.over(dilation) : distance;
    }

    /// Runs the body for a window that has a tap at `at`: the others only span it.
    private void ifTap(Code code, Arguments p, String axis, Expr at, Expr window, Runnable body) {
        if (!key.dilated()) body.run();
        else code.when(at.minus(first(p, axis, window)).remainder(dilation(p, axis)).equalTo(Expr.of(0)), body);
    }

    /// Where a window begins.
    private static Expr first(Arguments p, String axis, Expr window) {
        return window.times(p.get("step" + axis)).minus(p.get("pad" + axis));
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
        Expr top = code.let("top", first(p, "H", p.get("at")));
        Range rows = within(code, p, "H", top);
        code.loop("q", p.get("Q"), q -> {
            Expr left = code.let("left", first(p, "W", q));
            Range columns = within(code, p, "W", left);
            Expr yAt = code.let("yAt", p.get("yO").plus(p.get("at").times(p.get("yRow"))).plus(q.times(p.get("yPixel"))));
            channels(code, p, (lanes, c) -> {
                Expr result = code.let("result", lanes.literal(Float.NEGATIVE_INFINITY));
                pixels(code, rows, columns, (u, v) -> code.set(result, lanes.max(result, lanes.load(p.get("x"), tap(p, top, left, u, v).plus(c)))));
                lanes.store(p.get("y"), yAt.plus(c), result);
            });
        });
    }

    private void gradient(Code code, Arguments p) {
        Expr h = p.get("at");
        Range rows = containing(code, p, "H", h, p.get("P"));
        code.loop("w", p.get("W"), w -> {
            Range columns = containing(code, p, "W", w, p.get("Q"));
            Expr xPlace = code.let("xPlace", pixel(p, "x", h, w));
            Expr ePlace = code.let("ePlace", pixel(p, "e", h, w));
            channels(code, p, (lanes, c) -> {
                Expr sum = code.let("sum", lanes.literal(0f));
                pixels(code, rows, columns, (i, j) -> ifTap(code, p, "H", h, i, () -> ifTap(code, p, "W", w, j, () -> {
                    Expr d = code.let("d", lanes.load(p.get("d"), pixel(p, "d", i, j).plus(c)));
                    code.set(sum, lanes.add(sum, ifFirst(code, lanes, p, new Place(h, w, i, j, c), xPlace, d)));
                })));
                lanes.store(p.get("e"), ePlace.plus(c), sum);
            });
        });
    }

    /// A pixel of the image in a window, at a channel.
    private record Place(Expr h, Expr w, Expr p, Expr q, Expr c) {}

    /// d where this pixel is the first of its window that equals the maximum, else 0. The pixels before it are the rows above and the part of its own row on the left.
    private Expr ifFirst(Code code, Lanes lanes, Arguments p, Place at, Expr xPlace, Expr d) {
        Expr maximum = code.let("maximum", lanes.load(p.get("y"), pixel(p, "y", at.p, at.q).plus(at.c)));
        Expr here = code.let("here", lanes.load(p.get("x"), xPlace.plus(at.c)));
        Expr before = code.let("before", lanes.literal(0f));
        Expr top = code.let("top", first(p, "H", at.p));
        Expr left = code.let("left", first(p, "W", at.q));
        Expr own = code.let("own", over(at.h.minus(top), dilation(p, "H")));
        Expr beside = code.let("beside", over(at.w.minus(left), dilation(p, "W")));
        Range rows = within(code, p, "H", top);
        Range all = within(code, p, "W", left);
        code.loop("above", rows.from, own.plus(1), 1, u -> {
            Expr end = code.let("end", beside.when(u.equalTo(own), all.to));
            code.loop("before", all.from, end, 1, v -> {
                Expr x = lanes.load(p.get("x"), tap(p, top, left, u, v).plus(at.c));
                code.set(before, lanes.select(lanes.equal(x, maximum), lanes.literal(1f), before));
            });
        });
        Expr candidate = code.let("candidate", lanes.select(lanes.equal(here, maximum), d, lanes.literal(0f)));
        return code.let("share", lanes.select(lanes.equal(before, lanes.literal(0f)), candidate, lanes.literal(0f)));
    }

    /// Where tap (u, v) of the window that begins at (top, left) reads the image.
    private Expr tap(Arguments p, Expr top, Expr left, Expr u, Expr v) {
        return pixel(p, "x", top.plus(u.times(dilation(p, "H"))), left.plus(v.times(dilation(p, "W"))));
    }

    private static void pixels(Code code, Range rows, Range columns, BiConsumer<Expr, Expr> body) {
        code.loop("i", rows.from, rows.to, 1, i -> code.loop("j", columns.from, columns.to, 1, j -> body.accept(i, j)));
    }

    /// Where pixel (h, w) of an array starts.
    private static Expr pixel(Arguments p, String array, Expr h, Expr w) {
        return p.get(array + "O").plus(h.times(p.get(array + "Row"))).plus(w.times(p.get(array + "Pixel")));
    }
}
