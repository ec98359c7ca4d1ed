package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Limits;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.bytecode.RecordClass;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.runtime.EntryCode;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// The classes that users write code against. For a network `Digits`: `Digits`, the record `Digits.Output`, and, if it is trained, `Digits.Trainer` and the record
/// `Digits.Losses`.
final class ModelEmitter {
    private static final ClassDesc NETWORK = ClassDesc.of("dev.kiln.runtime.Network");
    private static final ClassDesc TRAINER = ClassDesc.of("dev.kiln.runtime.Trainer");
    private static final ClassDesc OPTIONS = ClassDesc.of("dev.kiln.runtime.Options");
    private static final ClassDesc STREAM = ClassDesc.of("java.io.InputStream");
    private static final ClassDesc PATH = ClassDesc.of("java.nio.file.Path");
    private static final Set<AccessFlag> PUBLIC = Set.of(AccessFlag.PUBLIC);
    private static final Set<AccessFlag> PRIVATE = Set.of(AccessFlag.PRIVATE);
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final Set<AccessFlag> BRIDGE = Set.of(AccessFlag.PUBLIC, AccessFlag.BRIDGE, AccessFlag.SYNTHETIC);
    private static final Expr DEFAULTS = Expr.callStatic(Method.ofStatic(OPTIONS, "defaults", OPTIONS));

    private final Program program;
    private final ClassDesc name;
    private final ClassDesc trainer;
    private final String sourceFile;
    private final int line;
    private final RecordClass output;
    private final RecordClass losses;
    private final Method open;
    private final Method read;
    private final Method follow;
    private final Method train;

    ModelEmitter(Program program, ClassDesc name, String sourceFile) {
        this.program = program;
        this.name = name;
        this.sourceFile = sourceFile;
        line = program.line();
        trainer = name.nested("Trainer");
        output = result("Output", "predict", EntryMethods.TENSOR);
        losses = result("Losses", "train", CD_float);
        open = Method.constructor(name, OPTIONS);
        read = Method.constructor(name, STREAM, OPTIONS);
        follow = Method.constructor(name, TRAINER, CD_boolean);
        train = Method.constructor(trainer, CD_long, OPTIONS);
    }

    private RecordClass result(String simpleName, String entry, ClassDesc type) {
        List<String> outputs = outputs(entry);
        List<String> names = JavaNames.distinct(outputs);
        var components = IntStream.range(0, outputs.size()).mapToObj(i -> new RecordClass.Component(names.get(i), program.texts().containsKey(outputs.get(i)) ? EntryMethods.STRINGS : type)).toList();
        return new RecordClass(name.nested(simpleName), components, sourceFile, line);
    }

    private List<String> outputs(String entry) {
        return program.entry(entry).stream().flatMap(e -> e.outputs().stream()).filter(o -> o.role() != Output.Role.UPDATE).map(Output::name).toList();
    }

    List<GeneratedClass> emit() {
        boolean trained = program.entry("train").isPresent();
        List<ClassDesc> members = trained ? List.of(output.name(), trainer, losses.name()) : List.of(output.name());
        var classes = new ArrayList<GeneratedClass>();
        classes.add(network(members, trained));
        output.nest(name, members);
        classes.add(output.build());
        if (trained) {
            classes.add(trainer(members));
            losses.nest(name, members);
            classes.add(losses.build());
        }
        return classes;
    }

    private GeneratedClass network(List<ClassDesc> members, boolean trained) {
        var builder = builder(name, NETWORK, members);
        builder.method(PRIVATE, ConstantDescs.INIT_NAME, open.type(), List.of("options"), (code, p) -> {
            code.at(line);
            code.superConstructor(p.get(0), Method.constructor(NETWORK, OPTIONS), p.get(1));
        });
        builder.method(PRIVATE, ConstantDescs.INIT_NAME, read.type(), List.of("weights", "options"), (code, p) -> {
            code.at(line);
            code.superConstructor(p.get(0), Method.constructor(NETWORK, STREAM, OPTIONS), p.get(1), p.get(2));
        });
        if (trained) builder.method(PRIVATE, ConstantDescs.INIT_NAME, follow.type(), List.of("trainer", "copy"), (code, p) -> {
            code.at(line);
            code.superConstructor(p.get(0), Method.constructor(NETWORK, TRAINER, CD_boolean), p.get(1), p.get(2));
        });
        factory(builder, "load", open, List.of(), _ -> List.of(DEFAULTS));
        factory(builder, "load", open, List.of(new RecordClass.Component("options", OPTIONS)), p -> p);
        factory(builder, "load", open, List.of(new RecordClass.Component("weights", PATH)), p -> List.of(DEFAULTS.call(Method.of(OPTIONS, "weights", OPTIONS, PATH), p.getFirst())));
        var stream = new RecordClass.Component("weights", STREAM);
        factory(builder, "load", read, List.of(stream), p -> List.of(p.getFirst(), DEFAULTS));
        factory(builder, "load", read, List.of(stream, new RecordClass.Component("options", OPTIONS)), p -> p);
        methods(NETWORK, "predict", "predict", output, builder);
        methods(NETWORK, "sample", "sample", output, builder);
        methods(NETWORK, "evaluate", "evaluate", losses, builder);
        if (trained) {
            factory(builder, "trainer", train, List.of(new RecordClass.Component("seed", CD_long)), p -> List.of(p.getFirst(), DEFAULTS));
            factory(builder, "trainer", train, List.of(new RecordClass.Component("seed", CD_long), new RecordClass.Component("options", OPTIONS)), p -> p);
        }
        return builder.build();
    }

    private ClassBuilder builder(ClassDesc of, ClassDesc superclass, List<ClassDesc> members) {
        var builder = new ClassBuilder(of, superclass, List.of(), sourceFile, Limits.PLAIN);
        builder.nest(name, members);
        builder.keepNames();
        return builder;
    }

    private interface Arguments {
        List<Expr> from(List<Expr> parameters);
    }

    private void factory(ClassBuilder builder, String method, Method constructor, List<RecordClass.Component> parameters, Arguments arguments) {
        var type = MethodTypeDesc.of(constructor.owner(), parameters.stream().map(RecordClass.Component::type).toList());
        builder.method(PUBLIC_STATIC, method, type, parameters.stream().map(RecordClass.Component::name).toList(), (code, p) -> {
            code.at(line);
            code.end(Expr.create(constructor, arguments.from(p).toArray(Expr[]::new)));
        });
    }

    /// The typed methods of an entry, if the program has it.
    private void methods(ClassDesc superclass, String method, String entry, RecordClass result, ClassBuilder builder) {
        String doors = superclass.equals(NETWORK) ? entry : "";
        program.entry(entry).ifPresent(e -> new EntryMethods(superclass, method, doors, entry.equals("sample"), inputs(e), program.texts().keySet(), outputs(entry), result, line).addTo(builder));
    }

    /// What callers pass: not the number of the step.
    private static List<Input> inputs(Entry entry) {
        boolean counted = EntryCode.COUNTED.contains(entry.name());
        return entry.inputs().stream().map(Value::op).map(Input.class::cast).filter(i -> !counted || !i.name().equals("step")).toList();
    }

    private GeneratedClass trainer(List<ClassDesc> members) {
        var builder = builder(trainer, TRAINER, members);
        builder.method(PRIVATE, ConstantDescs.INIT_NAME, train.type(), List.of("seed", "options"), (code, p) -> {
            code.at(line);
            code.superConstructor(p.get(0), Method.constructor(TRAINER, CD_Class, CD_long, OPTIONS), Expr.of(name), p.get(1), p.get(2));
        });
        methods(TRAINER, "step", "train", losses, builder);
        methods(TRAINER, "accumulate", "accumulate", losses, builder);
        methods(TRAINER, "evaluate", "evaluate", losses, builder);
        predictor(builder, "predictor", false);
        predictor(builder, "snapshot", true);
        return builder.build();
    }

    /// The method that users see and, since it narrows the result of the runtime's, the one that the JVM calls in its place.
    private void predictor(ClassBuilder builder, String method, boolean copy) {
        Method narrow = builder.method(PUBLIC, method, MethodTypeDesc.of(name), List.of(), (code, p) -> {
            code.at(line);
            code.end(Expr.create(follow, p.getFirst(), Expr.of(copy)));
        });
        builder.method(BRIDGE, method, MethodTypeDesc.of(NETWORK), List.of(), (code, p) -> code.end(p.getFirst().call(narrow)));
    }
}
