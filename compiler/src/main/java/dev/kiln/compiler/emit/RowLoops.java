package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.type.DType;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// A rows kernel row by row, each in one or more sweeps.
///
/// A sweep with a long function or a maximum is a method of its own if there are several: C2 takes the constants of such a function out of all loops, where, beside the
/// registers of the other sweeps, they do not stay, and each would be loaded again for each vector. And where one method has too much of it, C2 makes calls of what comes last.
record RowLoops(ClassBuilder builder, RowsKey key, Code code, Places places, Map<Node.Reduction, Method> trees) {
    /// Vector operations of a function that has many constants.
    private static final int LONG = 16;

    void emit() {
        Expr rows = places.argument("rows");
        if (places.body().takesAlong(places.width().lanes(), KernelEmitter.limits(places.width()).live())) code.when(rows.moreThan(Expr.of(0)), () -> besideEachOther(rows));
        else oneByOne(rows);
        places.storeScalars();
    }

    /// The second of three sweeps takes along the first one of the row below and the last one of the row above. Below the last row is that row again, whose result nobody takes then.
    private void besideEachOther(Expr rows) {
        RowsBody body = places.body();
        Expr end = code.let("end", rows.minus(1));
        Ahead ahead = ahead();
        ahead.run(code, Expr.of(0));
        List<Integer> taken = body.taken(2);
        List<Expr> above = taken.stream().map(n -> code.let("above" + n, nothing(body.type(n)))).toList();
        code.loop("r", rows, r -> {
            places.enterRow(r);
            places.setValue(ahead.reduction, code.let("n" + ahead.reduction, ahead.result));
            places.computeAll(Extent.ROW, 1);
            Expr below = code.let("below", Expr.callStatic(IndexCode.MINIMUM, r.plus(1), end));
            Swept top = method("top", 1, List.of("r", "below"), List.of(), (row, both, _) -> List.of(first(row, both.getLast())));
            Swept middle = method("middle", 1, List.of("r", "below"), taken, (row, both, values) -> List.of(last(row, both.getFirst().minus(1), values), first(row, both.getLast())));
            code.when(r.equalTo(Expr.of(0)), () -> code.run(top.at(List.of(r, below), List.of())), () -> code.run(middle.at(List.of(r, below), above)));
            code.set(ahead.result, ahead.combined);
            for (int n : body.reductions(1)) finish(n);
            places.computeAll(Extent.ROW, 2);
            for (int i = 0; i < above.size(); i++) code.set(above.get(i), places.value(taken.get(i)));
            places.storeRow();
        });
        last(places, end, above).emit();
    }

    /// The first sweep of the row below.
    private static Sweep first(Places row, Expr below) {
        return new Sweep(row.code(), row.other(below), 0);
    }

    /// The last sweep of the row above.
    /// @param values of its own that it takes
    private static Sweep last(Places row, Expr above, List<Expr> values) {
        Places other = row.other(above);
        List<Integer> taken = row.body().taken(2);
        for (int i = 0; i < values.size(); i++) other.setValue(taken.get(i), values.get(i));
        return new Sweep(row.code(), other, 2);
    }

    private static Expr nothing(DType type) {
        return switch (type) {
            case f32 -> Expr.of(0f);
            case i32 -> Expr.of(0);
            case bool -> Expr.of(false);
        };
    }

    private void oneByOne(Expr rows) {
        int last = places.body().lastSweep();
        Optional<Ahead> ahead = ahead(last, rows);
        code.loop("r", rows, r -> {
            places.enterRow(r);
            places.computeAll(Extent.ROW, 0);
            for (int sweep = 0; sweep <= last; sweep++) {
                if (sweep == last) ahead.ifPresent(a -> code.when(r.plus(1).lessThan(rows), () -> a.run(code, r.plus(1))));
                if (sweep == 0 && ahead.isPresent()) places.setValue(ahead.get().reduction, code.let("n" + ahead.get().reduction, ahead.get().result));
                else if (last > 0 && isLong(sweep)) code.run(method(sweep).at(r));
                else new Sweep(code, places, sweep).emit();
                if (sweep > 0 || ahead.isEmpty()) for (int n : places.body().reductions(sweep)) finish(n);
                places.computeAll(Extent.ROW, sweep + 1);
            }
            places.storeRow();
        });
    }

    private boolean isLong(int sweep) {
        return Stream.of(places.body().needed(sweep), places.body().reductions(sweep)).flatMap(List::stream).map(places.body().nodes()::get)
                .anyMatch(n -> (n instanceof Node.Apply(var fn, _) && fn.operations() >= LONG) || (n instanceof Node.RowReduce(var reduction, _) && reduction == Node.Reduction.MAX));
    }

    /// The first sweep of a row, before the last one of the row above it: while what one has reduced comes together, which nothing of its own row can go on without, the other keeps the machine busy.
    /// @param result a local with what the sweep of the row at hand has given
    private record Ahead(Swept sweep, int reduction, Expr combined, Expr result) {
        void run(Code code, Expr r) {
            code.run(sweep.at(r));
            code.set(result, combined);
        }
    }

    /// Where the first sweep is a method with one result that depends on nothing else in its row.
    private Optional<Ahead> ahead(int last, Expr rows) {
        if (last <= 0 || !isLong(0) || !places.body().beginsAlone()) return Optional.empty();
        Ahead ahead = ahead();
        code.when(rows.moreThan(Expr.of(0)), () -> ahead.run(code, Expr.of(0)));
        return Optional.of(ahead);
    }

    private Ahead ahead() {
        int reduction = places.body().reductions(0).getFirst();
        return new Ahead(method(0), reduction, combined(reduction), code.let("ahead", Expr.of(0f)));
    }

    /// A method for a sweep, which takes what the kernel does, the row, what is known by now and does not change along it, and more.
    private record Swept(Method method, List<Expr> arguments, List<Expr> known) {
        Expr at(Expr r) {
            return at(List.of(r), List.of());
        }

        Expr at(List<Expr> rows, List<Expr> more) {
            return Expr.callStatic(method, Stream.of(arguments, rows, known, more).flatMap(List::stream).toArray(Expr[]::new));
        }
    }

    private Swept method(int sweep) {
        return method("sweep" + sweep, sweep, List.of("r"), List.of(), (_, _, _) -> List.of());
    }

    /// @param rows   names of the rows that it takes, its own first
    /// @param more   nodes whose values in another row it takes
    /// @param beside what goes along, from the own row, the rows and those values
    private Swept method(String name, int sweep, List<String> rows, List<Integer> more, Beside beside) {
        List<Integer> known = places.known();
        var types = new ArrayList<ClassDesc>(key.descriptor().parameterList());
        var names = new ArrayList<>(key.parameters().stream().map(p -> p.name()).toList());
        for (String row : rows) {
            types.add(CD_int);
            names.add(row);
        }
        for (int n : known) {
            types.add(places.value(n).type());
            names.add("n" + n);
        }
        for (int n : more) {
            types.add(nothing(places.body().type(n)).type());
            names.add("other" + n);
        }
        int first = key.parameters().size();
        int values = first + rows.size();
        Method method = builder.method(Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC), name, MethodTypeDesc.of(CD_void, types), names, (inner, locals) -> {
            var given = new HashMap<Integer, Expr>();
            for (int i = 0; i < known.size(); i++) given.put(known.get(i), locals.get(values + i));
            Places row = places.within(inner, new Arguments(key.parameters(), locals.subList(0, first)), given);
            row.enterRow(locals.get(first));
            new Sweep(inner, row, sweep, beside.of(row, locals.subList(first, values), locals.subList(values + known.size(), locals.size()))).emit();
        });
        return new Swept(method, List.copyOf(places.arguments().values()), known.stream().map(places::value).toList());
    }

    @FunctionalInterface
    private interface Beside {
        List<Sweep> of(Places row, List<Expr> rows, List<Expr> more);
    }

    private void finish(int reduction) {
        places.setValue(reduction, code.let("n" + reduction, combined(reduction)));
    }

    private Expr combined(int reduction) {
        Node.Reduction kind = ((Node.RowReduce) places.body().nodes().get(reduction)).reduction();
        return Expr.callStatic(trees.get(kind), places.argument("scratch"), Sweep.scratch(places, reduction));
    }
}
