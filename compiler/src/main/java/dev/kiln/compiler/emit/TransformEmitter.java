package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Condition;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Emits transforms. A method makes a few rows of the result: down the columns first, which leaves as many numbers a column in registers, then along the rows; so nothing but inputs
/// and results goes through memory.
record TransformEmitter(TransformKey key, Width width) {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final Set<AccessFlag> STATIC = Set.of(AccessFlag.STATIC);
    private static final int PIXELS = TransformKey.PRODUCTS;

    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.className() + ".transform", KernelEmitter.limits(width));
        var methods = new ArrayList<Method>();
        for (var numbers : TransformCode.together(key)) methods.add(method(builder, STATIC, "rows" + numbers.getFirst(), (code, p) -> {
            KernelEmitter.idle(code, key, p);
            channels(code, p.get("C"), (lanes, c) -> rows(code, p, lanes, c, numbers));
        }));
        method(builder, PUBLIC_STATIC, "run", (code, p) -> {
            if (key.kind() != TransformKey.Kind.INPUT) callAll(code, methods, p);
            else code.when(within(p.get("top"), p.get("H").minus(PIXELS - 1)).and(within(p.get("left"), p.get("W").minus(PIXELS - 1))), () -> callAll(code, methods, p), () -> {
                border(code, p);
                callAll(code, methods, p.with("x", p.get("t")).with("xO", p.get("tO")).with("top", Expr.of(0)).with("left", Expr.of(0)).with("xRow", p.get("C").times(PIXELS)).with("xPixel", p.get("C")));
            });
        });
        return builder.build();
    }

    private Method method(ClassBuilder builder, Set<AccessFlag> flags, String name, BiConsumer<Code, Arguments> body) {
        return builder.method(flags, name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(), (code, locals) -> body.accept(code, new Arguments(key.parameters(), locals)));
    }

    private static void callAll(Code code, List<Method> methods, Arguments p) {
        for (Method method : methods.reversed()) code.run(Expr.callStatic(method, p.all()));
    }

    /// All channels: in vectors at first, then one by one.
    private void channels(Code code, Expr count, BiConsumer<Lanes, Expr> body) {
        Expr from = Expr.of(0);
        if (width != Width.W1) {
            var vectors = new VectorLanes(code, width.lanes());
            Expr bound = code.let("bound", count.and(Expr.of(-width.lanes())));
            code.loop("c", from, bound, width.lanes(), c -> body.accept(vectors, c));
            from = bound;
        }
        code.loop("c", from, count, 1, c -> body.accept(new ScalarLanes(code), c));
    }

    // A few rows of the result

    private void rows(Code code, Arguments p, Lanes lanes, Expr c, List<Integer> numbers) {
        var transform = new TransformCode(code, lanes, key);
        var columns = new ArrayList<List<Expr>>();
        for (int j = 0; j < TransformCode.inputs(key); j++) {
            int column = j;
            var made = transform.of(numbers, i -> load(p, lanes, i, column, c));
            columns.add(IntStream.range(0, made.size()).mapToObj(k -> code.let("row" + numbers.get(k) + "at" + column, made.get(k))).toList());
        }
        for (int k = numbers.size() - 1; k >= 0; k--) {
            int row = k;
            row(code, p, lanes, c, numbers.get(row), j -> columns.get(j).get(row));
        }
    }

    private void row(Code code, Arguments p, Lanes lanes, Expr c, int row, IntFunction<Expr> values) {
        var transform = new TransformCode(code, lanes, key);
        for (var numbers : TransformCode.together(key).reversed()) {
            var made = transform.of(numbers, values);
            switch (key.kind()) {
                case FILTER -> store(p, lanes, "u", c, row, numbers, made);
                case INPUT -> store(p, lanes, "v", c, row, numbers, made);
                case OUTPUT -> {
                    var results = IntStream.range(0, made.size()).mapToObj(k -> code.let("at" + numbers.get(k), made.get(k))).toList();
                    var act = ActCode.of(code, lanes, key.act());
                    for (int k = results.size() - 1; k >= 0; k--) end(code, p, lanes, act, c, row, numbers.get(k), results.get(k));
                }
            }
        }
    }

    private static void store(Arguments p, Lanes lanes, String array, Expr c, int row, List<Integer> numbers, List<Expr> made) {
        for (int k = 0; k < made.size(); k++) lanes.store(p.get(array), product(p, array, row, numbers.get(k), c), made.get(k));
    }

    private Expr load(Arguments p, Lanes lanes, int i, int j, Expr c) {
        return switch (key.kind()) {
            case FILTER -> lanes.load(p.get("w"), p.get("wO").plus(p.get("wRow").times(i)).plus(p.get("wColumn").times(j)).plus(c));
            case INPUT -> lanes.load(p.get("x"), p.get("xO").plus(p.get("top").plus(i).times(p.get("xRow"))).plus(p.get("left").plus(j).times(p.get("xPixel"))).plus(c));
            case OUTPUT -> lanes.load(p.get("m"), product(p, "m", i, j, c));
        };
    }

    private static Expr product(Arguments p, String array, int i, int j, Expr c) {
        return p.get(array + "O").plus(p.get("plane").times(PIXELS * i + j)).plus(c);
    }

    private void end(Code code, Arguments p, Lanes lanes, ActCode act, Expr c, int i, int j, Expr value) {
        Expr sum = value;
        if (key.start().readsBias()) sum = lanes.add(sum, lanes.load(p.get("s"), p.get("sO").plus(c)));
        if (key.start().readsResidual()) sum = lanes.add(sum, lanes.load(p.get("r"), pixel(p, "r", i, j, c)));
        Expr result = code.let("result", sum);
        lanes.store(p.get("y"), pixel(p, "y", i, j, c), act.apply().apply(result));
    }

    /// What lies outside of the image goes where the first row or column does, which are stored after all others: no branch, of which the JVM would forget one side while it
    /// warms up on tiles that are whole.
    private static Expr pixel(Arguments p, String array, int i, int j, Expr c) {
        return p.get(array + "O").plus(inside(i, p.get("rows")).times(p.get(array + "Row"))).plus(inside(j, p.get("columns")).times(p.get(array + "Pixel"))).plus(c);
    }

    /// `place < count ? place : 0`
    private static Expr inside(int place, Expr count) {
        return place == 0 ? Expr.of(0) : Expr.of(place).minus(count).shiftRight(Expr.of(31)).and(Expr.of(place));
    }

    // The border

    private static Condition within(Expr place, Expr extent) {
        return place.atLeast(Expr.of(0)).and(place.lessThan(extent));
    }

    /// The tile as it lies in the image, with zeros around it.
    private void border(Code code, Arguments p) {
        code.loop("i", Expr.of(PIXELS), i -> code.loop("j", Expr.of(PIXELS), j -> {
            Expr h = code.let("h", p.get("top").plus(i));
            Expr w = code.let("w", p.get("left").plus(j));
            Expr to = code.let("to", p.get("tO").plus(i.times(PIXELS).plus(j).times(p.get("C"))));
            Expr from = code.let("from", p.get("xO").plus(h.times(p.get("xRow"))).plus(w.times(p.get("xPixel"))));
            code.when(within(h, p.get("H")).and(within(w, p.get("W"))),
                    () -> channels(code, p.get("C"), (lanes, c) -> lanes.store(p.get("t"), to.plus(c), lanes.load(p.get("x"), from.plus(c)))),
                    () -> channels(code, p.get("C"), (lanes, c) -> lanes.store(p.get("t"), to.plus(c), lanes.literal(0f))));
        }));
    }
}
