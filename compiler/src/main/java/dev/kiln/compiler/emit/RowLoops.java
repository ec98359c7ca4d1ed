package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.RowsKey;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
        int last = places.body().lastSweep();
        code.loop("r", places.argument("rows"), r -> {
            places.enterRow(r);
            places.computeAll(Extent.ROW, 0);
            for (int sweep = 0; sweep <= last; sweep++) {
                if (last > 0 && isLong(sweep)) code.run(call(sweep, r));
                else new Sweep(code, places, sweep).emit();
                for (int n : places.body().reductions(sweep)) finish(n);
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

    /// A call of the method for a sweep, which takes what the kernel does, the row, and what is known by now and does not change along it.
    private Expr call(int sweep, Expr r) {
        List<Integer> known = places.known();
        var types = new ArrayList<ClassDesc>(key.descriptor().parameterList());
        var names = new ArrayList<>(key.parameters().stream().map(p -> p.name()).toList());
        var passed = new ArrayList<>(places.arguments().values());
        types.add(CD_int);
        names.add("r");
        passed.add(r);
        for (int n : known) {
            types.add(places.value(n).type());
            names.add("n" + n);
            passed.add(places.value(n));
        }
        int parameters = key.parameters().size();
        Method method = builder.method(Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC), "sweep" + sweep, MethodTypeDesc.of(CD_void, types), names, (inner, locals) -> {
            var values = new HashMap<Integer, Expr>();
            for (int i = 0; i < known.size(); i++) values.put(known.get(i), locals.get(parameters + 1 + i));
            Places inRow = places.within(inner, new Arguments(key.parameters(), locals.subList(0, parameters)), values);
            inRow.enterRow(locals.get(parameters));
            new Sweep(inner, inRow, sweep).emit();
        });
        return Expr.callStatic(method, passed.toArray(Expr[]::new));
    }

    private void finish(int reduction) {
        Node.Reduction kind = ((Node.RowReduce) places.body().nodes().get(reduction)).reduction();
        places.setValue(reduction, code.let("n" + reduction, Expr.callStatic(trees.get(kind), places.argument("scratch"), Sweep.scratch(places, reduction))));
    }
}
