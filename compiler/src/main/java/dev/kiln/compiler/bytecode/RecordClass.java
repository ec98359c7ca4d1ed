package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandle;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// A Java record: components, the constructor that takes them all, and equality, hash and text as the JDK makes them for records.
public final class RecordClass {
    private static final ClassDesc RECORD = ClassDesc.of("java.lang.Record");
    private static final Set<AccessFlag> PUBLIC = Set.of(AccessFlag.PUBLIC);
    private static final Set<AccessFlag> PUBLIC_FINAL = Set.of(AccessFlag.PUBLIC, AccessFlag.FINAL);
    private static final DirectMethodHandleDesc BOOTSTRAP = MethodHandleDesc.ofMethod(DirectMethodHandleDesc.Kind.STATIC, ClassDesc.of("java.lang.runtime.ObjectMethods"), "bootstrap",
            MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, ClassDesc.of("java.lang.invoke.TypeDescriptor"), CD_Class, CD_String, CD_MethodHandle.arrayType()));

    /// A component.
    public record Component(String name, ClassDesc type) {}

    private final ClassDesc name;
    private final List<Component> components;
    private final ClassBuilder builder;
    private final int line;

    /// @param line of the source file, for stack traces
    public RecordClass(ClassDesc name, List<Component> components, String sourceFile, int line) {
        this.name = name;
        this.components = List.copyOf(components);
        this.line = line;
        builder = new ClassBuilder(name, RECORD, List.of(), sourceFile, Limits.PLAIN);
        builder.keepNames();
    }

    /// Makes it a member of a nest, as [ClassBuilder#nest].
    public void nest(ClassDesc host, List<ClassDesc> members) {
        builder.nest(host, members);
    }

    public ClassDesc name() {
        return name;
    }

    public List<Component> components() {
        return components;
    }

    /// The constructor of all components.
    public Method constructor() {
        return Method.constructor(name, components.stream().map(Component::type).toArray(ClassDesc[]::new));
    }

    public GeneratedClass build() {
        for (Component c : components) builder.component(c.name(), c.type());
        builder.method(PUBLIC, ConstantDescs.INIT_NAME, constructor().type(), components.stream().map(Component::name).toList(), (code, p) -> {
            code.at(line);
            code.superConstructor(p.getFirst(), Method.constructor(RECORD));
            for (int i = 0; i < components.size(); i++) code.storeField(p.getFirst(), name, components.get(i).name(), p.get(i + 1));
        });
        for (Component c : components) builder.method(PUBLIC, c.name(), MethodTypeDesc.of(c.type()), List.of(), (code, p) -> code.end(p.getFirst().field(name, c.name(), c.type())));
        builder.method(PUBLIC_FINAL, "toString", MethodTypeDesc.of(CD_String), List.of(), (code, p) -> code.end(ofObject("toString", CD_String, p.getFirst())));
        builder.method(PUBLIC_FINAL, "hashCode", MethodTypeDesc.of(CD_int), List.of(), (code, p) -> code.end(ofObject("hashCode", CD_int, p.getFirst())));
        builder.method(PUBLIC_FINAL, "equals", MethodTypeDesc.of(CD_boolean, CD_Object), List.of("other"), (code, p) -> code.end(ofObject("equals", CD_boolean, p.get(0), p.get(1))));
        return builder.build();
    }

    private Expr ofObject(String method, ClassDesc result, Expr... arguments) {
        List<ConstantDesc> constants = new ArrayList<>();
        constants.add(name);
        constants.add(components.stream().map(Component::name).collect(Collectors.joining(";")));
        for (Component c : components) constants.add(MethodHandleDesc.ofField(DirectMethodHandleDesc.Kind.GETTER, name, c.name(), c.type()));
        MethodTypeDesc type = arguments.length == 1 ? MethodTypeDesc.of(result, name) : MethodTypeDesc.of(result, name, CD_Object);
        return Expr.dynamic(DynamicCallSiteDesc.of(BOOTSTRAP, method, type, constants.toArray(ConstantDesc[]::new)), arguments);
    }
}
