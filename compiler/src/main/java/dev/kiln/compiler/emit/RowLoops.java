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
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A rows kernel row by row, each in one or more sweeps.
///
/// A sweep with a long function or a maximum is a method of its own if there are several: C2 takes the constants of such a function out of all loops, where, beside the
/// registers of the other sweeps, they do not stay, and each would be loaded again for each vector. And where one method has too much of it, C2 makes calls of what comes last.
record RowLoops(ClassBuilder builder, RowsKey key, Code code, Places places, Map<Node.Reduction, Method> trees) {
    /// Vector operations of a function that has many constants.
    private static final int LONG = 16;

    void emit() {
        int last = places.body().lastSweep();
        Expr rows = places.argument("rows");
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
        places.storeScalars();
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
        RowsBody body = places.body();
        boolean alone = IntStream.range(0, body.nodes().size()).noneMatch(n -> body.extent(n) == Extent.ROW && body.sweeps().get(n) == 0);
        if (last <= 0 || !isLong(0) || !alone || body.reductions(0).size() != 1) return Optional.empty();
        int reduction = body.reductions(0).getFirst();
        var ahead = new Ahead(method(0), reduction, combined(reduction), code.let("ahead", Expr.of(0f)));
        code.when(rows.moreThan(Expr.of(0)), () -> ahead.run(code, Expr.of(0)));
        return Optional.of(ahead);
    }

    /// A method for a sweep, which takes what the kernel does, the row, and what is known by now and does not change along it.
    private record Swept(Method method, List<Expr> before, List<Expr> after) {
        Expr at(Expr r) {
            return Expr.callStatic(method, Stream.of(before, List.of(r), after).flatMap(List::stream).toArray(Expr[]::new));
        }
    }

    private Swept method(int sweep) {
        List<Integer> known = places.known();
        var types = new ArrayList<ClassDesc>(key.descriptor().parameterList());
        var names = new ArrayList<>(key.parameters().stream().map(p -> p.name()).toList());
        types.add(CD_int);
        names.add("r");
        for (int n : known) {
            types.add(places.value(n).type());
            names.add("n" + n);
        }
        int parameters = key.parameters().size();
        Method method = builder.method(Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC), "sweep" + sweep, MethodTypeDesc.of(CD_void, types), names, (inner, locals) -> {
            var values = new HashMap<Integer, Expr>();
            for (int i = 0; i < known.size(); i++) values.put(known.get(i), locals.get(parameters + 1 + i));
            Places inRow = places.within(inner, new Arguments(key.parameters(), locals.subList(0, parameters)), values);
            inRow.enterRow(locals.get(parameters));
            new Sweep(inner, inRow, sweep).emit();
        });
        return new Swept(method, List.copyOf(places.arguments().values()), known.stream().map(places::value).toList());
    }

    private void finish(int reduction) {
        places.setValue(reduction, code.let("n" + reduction, combined(reduction)));
    }

    private Expr combined(int reduction) {
        Node.Reduction kind = ((Node.RowReduce) places.body().nodes().get(reduction)).reduction();
        return Expr.callStatic(trees.get(kind), places.argument("scratch"), Sweep.scratch(places, reduction));
    }
}
