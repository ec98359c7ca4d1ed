package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.bytecode.RecordClass;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The typed methods of one entry: from tensors to a record, and the same from bare arrays where their lengths say the shapes, and from strings where the text says `text`.
/// @param superclass of the class they are added to; it has the untyped method of the same name
/// @param entry      whose doors the arrays are held against; empty where the superclass knows by itself
/// @param seeded     whether a seed comes before the inputs
/// @param texts      the inputs and outputs that are strings to a caller
/// @param outputs    the names of what it gives, as the text has them
/// @param result     what each method gives
record EntryMethods(ClassDesc superclass, String name, String entry, boolean seeded, List<Input> inputs, Set<String> texts, List<String> outputs, RecordClass result, int line) {
    static final ClassDesc TENSOR = ClassDesc.of("dev.kiln.runtime.Tensor");
    static final ClassDesc STRINGS = CD_String.arrayType();
    private static final Set<AccessFlag> PUBLIC = Set.of(AccessFlag.PUBLIC);
    private static final Set<AccessFlag> OPEN_ENDED = Set.of(AccessFlag.PUBLIC, AccessFlag.VARARGS);

    void addTo(ClassBuilder builder) {
        List<ClassDesc> tensors = inputs.stream().map(_ -> TENSOR).toList();
        Method typed = builder.method(PUBLIC, name, type(tensors), names(), this::fromTensors);
        List<ClassDesc> arrays = inputs.stream().map(this::bare).toList();
        boolean openEnded = !arrays.isEmpty() && arrays.getLast().equals(STRINGS);
        if (!arrays.equals(tensors)) builder.method(openEnded ? OPEN_ENDED : PUBLIC, name, type(arrays), names(), (code, p) -> fromArrays(code, p, typed));
    }

    private MethodTypeDesc type(List<ClassDesc> ofInputs) {
        return MethodTypeDesc.of(result.name(), Stream.concat(seed(CD_long), ofInputs.stream()).toArray(ClassDesc[]::new));
    }

    private List<String> names() {
        return JavaNames.distinct(Stream.concat(seed("seed"), inputs.stream().map(Input::name)).toList());
    }

    private <T> Stream<T> seed(T it) {
        return seeded ? Stream.of(it) : Stream.empty();
    }

    /// `f32[N, 1, 28, 28]` may come as an array: its length says N. Of `f32[N, H, W]` it says too little.
    private ClassDesc bare(Input input) {
        if (texts.contains(input.name())) return STRINGS;
        List<Dim> shape = input.type().shape();
        boolean told = IntStream.range(0, shape.size()).allMatch(i -> shape.get(i).isConstant() ? shape.get(i).toInt() > 0 : i == 0);
        if (!told) return TENSOR;
        return input.type().dtype() == DType.i32 ? CD_int.arrayType() : CD_float.arrayType();
    }

    private void fromTensors(Code code, List<Expr> p) {
        code.at(line);
        int first = seeded ? 2 : 1;
        Expr tensors = Expr.arrayOf(TENSOR, p.subList(first, p.size()).toArray(Expr[]::new));
        Method untyped = new Method(Method.Kind.VIRTUAL, superclass, name, MethodTypeDesc.of(TENSOR.arrayType(), Stream.concat(seed(CD_long), Stream.of(TENSOR.arrayType())).toList()));
        Expr out = code.let("out", p.getFirst().call(untyped, Stream.concat(p.subList(1, first).stream(), Stream.of(tensors)).toArray(Expr[]::new)));
        code.end(Expr.create(result.constructor(), IntStream.range(0, result.components().size()).mapToObj(i -> component(p.getFirst(), out, i)).toArray(Expr[]::new)));
    }

    private Expr component(Expr self, Expr out, int i) {
        ClassDesc type = result.components().get(i).type();
        if (type.equals(STRINGS)) return self.call(Method.of(superclass, "decoded", STRINGS, CD_String, TENSOR), Expr.of(outputs.get(i)), out.at(i));
        if (type.equals(TENSOR)) return out.at(i);
        return out.at(i).call(Method.of(TENSOR, "get", CD_float, CD_int.arrayType()), Expr.newArray(CD_int, Expr.of(0)));
    }

    private void fromArrays(Code code, List<Expr> p, Method typed) {
        code.at(line);
        int first = seeded ? 2 : 1;
        List<Expr> arguments = new ArrayList<>(p.subList(1, first));
        for (int i = 0; i < inputs.size(); i++) arguments.add(wrapped(p.getFirst(), i, p.get(first + i)));
        code.end(p.getFirst().call(typed, arguments.toArray(Expr[]::new)));
    }

    private Expr wrapped(Expr self, int input, Expr argument) {
        if (argument.type().equals(TENSOR)) return argument;
        if (argument.type().equals(STRINGS)) return self.call(Method.of(superclass, "encoded", TENSOR, CD_String, STRINGS), Expr.of(inputs.get(input).name()), argument);
        if (entry.isEmpty()) return self.call(Method.of(superclass, "tensor", TENSOR, CD_int, argument.type()), Expr.of(input), argument);
        return self.call(Method.of(superclass, "tensor", TENSOR, CD_String, CD_int, argument.type()), Expr.of(entry), Expr.of(input), argument);
    }
}
