package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Emits rows kernels: vectors along the columns and a tail of single elements, both rendered from the same vector code. Row by row, but with column reductions a few
/// columns at a time, so that their accumulators stay in registers.
record RowsEmitter(RowsKey key, Width width) {
    private static final MethodTypeDesc TREE = MethodTypeDesc.of(CD_float, VectorApi.FLOATS, CD_int);

    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.className() + ".rows", KernelEmitter.limits(width));
        RowsBody body = key.body();
        Map<Node.Reduction, Method> trees = trees(builder, body);
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), "run", key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(), (code, locals) -> {
            var arguments = new Arguments(key.parameters(), locals);
            KernelEmitter.idle(code, key, arguments);
            var places = new Places(code, body, arguments, width);
            if (body.hasColumnReduction()) new ColumnLoops(code, places).emit();
            else new RowLoops(builder, key, code, places, trees).emit();
        });
        return builder.build();
    }

    /// A method for each kind of row reduction in the body that combines 16 lanes in one fixed order: halves, quarters, pairs.
    private static Map<Node.Reduction, Method> trees(ClassBuilder builder, RowsBody body) {
        var trees = new EnumMap<Node.Reduction, Method>(Node.Reduction.class);
        for (Node node : body.nodes())
            if (node instanceof Node.RowReduce(Node.Reduction reduction, _))
                trees.computeIfAbsent(reduction, _ -> tree(builder, reduction));
        return trees;
    }

    private static Method tree(ClassBuilder builder, Node.Reduction reduction) {
        return builder.method(Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC), reduction == Node.Reduction.SUM ? "sum" : "max", TREE, List.of("lanes", "at"), (code, p) -> {
            var combine = new RowCombine(code, new ScalarLanes(code), reduction);
            code.end(combine.tree(p.get(0), p.get(1)));
        });
    }
}
