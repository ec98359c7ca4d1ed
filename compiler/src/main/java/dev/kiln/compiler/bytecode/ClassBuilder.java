package dev.kiln.compiler.bytecode;

import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.CodeAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// Builds one final class: fields, methods, and the listing of both.
///
/// Stack frames are computed by ASM. Where two reference types meet, it is told `Object`: generated code gives a local one type for life, so nothing depends on it.
public final class ClassBuilder {
    private final ClassDesc name;
    private final Limits limits;
    private final ClassWriter writer = new Writer();
    private final StringBuilder listing = new StringBuilder();
    private final Map<String, VectorCount> counts = new HashMap<>();
    private boolean named;

    private static final class Writer extends ClassWriter {
        Writer() {
            super(COMPUTE_FRAMES);
        }

        @Override
        protected String getCommonSuperClass(String a, String b) {
            return "java/lang/Object";
        }
    }

    /// Starts a class.
    /// @param sourceFile what stack traces name as the file
    public ClassBuilder(ClassDesc name, ClassDesc superclass, List<ClassDesc> interfaces, String sourceFile, Limits limits) {
        this.name = name;
        this.limits = limits;
        writer.visit(Opcodes.V25, Opcodes.ACC_PUBLIC | Opcodes.ACC_FINAL | Opcodes.ACC_SUPER, Types.internal(name), null, Types.internal(superclass),
                interfaces.stream().map(Types::internal).toArray(String[]::new));
        writer.visitSource(sourceFile, null);
        String parent = superclass.equals(ConstantDescs.CD_Object) ? "" : " extends " + superclass.displayName();
        String also = interfaces.isEmpty() ? "" : " implements " + interfaces.stream().map(ClassDesc::displayName).collect(Collectors.joining(", "));
        listing.append("public final class ").append(name.displayName()).append(parent).append(also).append(" {\n");
    }

    public ClassBuilder(ClassDesc name, String sourceFile, Limits limits) {
        this(name, ConstantDescs.CD_Object, List.of(), sourceFile, limits);
    }

    public ClassDesc name() {
        return name;
    }

    /// Keeps the names of parameters in the methods that follow, for those who write code against the class.
    public void keepNames() {
        named = true;
    }

    /// Makes the class one of a nest: its members are static classes of the host, and all of them see what is private in the others.
    /// @param host the class itself or its host
    public void nest(ClassDesc host, List<ClassDesc> members) {
        if (!host.equals(name)) writer.visitNestHost(Types.internal(host));
        for (ClassDesc member : members) {
            if (host.equals(name)) writer.visitNestMember(Types.internal(member));
            String simple = member.displayName().substring(host.displayName().length() + 1);
            writer.visitInnerClass(Types.internal(member), Types.internal(host), simple, Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC | Opcodes.ACC_FINAL);
        }
    }

    /// A component of a record, with its field.
    void component(String component, ClassDesc type) {
        writer.visitRecordComponent(component, type.descriptorString(), null).visitEnd();
        field(Set.of(AccessFlag.PRIVATE, AccessFlag.FINAL), component, type);
    }

    public void field(Set<AccessFlag> flags, String field, ClassDesc type) {
        writer.visitField(mask(flags), field, type.descriptorString(), null, null).visitEnd();
        listing.append("    ").append(words(flags)).append(type.displayName()).append(' ').append(field).append(";\n");
    }

    /// Adds a method. The body gets the parameters as locals, `this` first unless it is static; a body that returns nothing may end without [Code#end()].
    public Method method(Set<AccessFlag> flags, String method, MethodTypeDesc type, List<String> parameters, BiConsumer<Code, List<Expr>> body) {
        if (parameters.size() != type.parameterCount()) throw new IllegalArgumentException(method + " has " + type.parameterCount() + " parameters, not " + parameters);
        MethodVisitor visitor = writer.visitMethod(mask(flags), method, type.descriptorString(), null, null);
        if (named) parameters.forEach(p -> visitor.visitParameter(p, 0));
        visitor.visitCode();
        var sink = new Sink(visitor);
        boolean isStatic = flags.contains(AccessFlag.STATIC);
        var code = new Code(sink, IntStream.range(0, type.parameterCount()).map(i -> Types.slots(type.parameterType(i))).sum() + (isStatic ? 0 : 1));
        body.accept(code, locals(code, isStatic, type, parameters));
        if (type.returnType().equals(ConstantDescs.CD_void) && !code.ended()) sink.instruction(Opcodes.RETURN);
        visitor.visitMaxs(0, 0);
        visitor.visitEnd();
        counts.put(method + type.descriptorString(), sink.vectors());
        list(flags, method, type, parameters, code.listing());
        Method.Kind kind = isStatic ? Method.Kind.STATIC : method.equals(ConstantDescs.INIT_NAME) ? Method.Kind.SPECIAL : Method.Kind.VIRTUAL;
        return new Method(kind, name, method, type);
    }

    private List<Expr> locals(Code code, boolean isStatic, MethodTypeDesc type, List<String> parameters) {
        var locals = new ArrayList<Expr>();
        int slot = 0;
        if (!isStatic) locals.add(code.local(name, "this", slot++));
        for (int i = 0; i < parameters.size(); i++) {
            code.reserve(parameters.get(i));
            locals.add(code.local(type.parameterType(i), parameters.get(i), slot));
            slot += Types.slots(type.parameterType(i));
        }
        return locals;
    }

    private void list(Set<AccessFlag> flags, String method, MethodTypeDesc type, List<String> parameters, String body) {
        String signature = IntStream.range(0, parameters.size())
                .mapToObj(i -> type.parameterType(i).displayName() + " " + parameters.get(i))
                .collect(Collectors.joining(", "));
        boolean constructor = method.equals(ConstantDescs.INIT_NAME);
        listing.append("\n    ").append(words(flags)).append(constructor ? name.displayName() : type.returnType().displayName() + " " + method)
                .append('(').append(signature).append(") {\n").append(body.indent(4)).append("    }\n");
    }

    /// A public constructor that only calls that of the superclass.
    public void constructor(ClassDesc superclass) {
        method(Set.of(AccessFlag.PUBLIC), ConstantDescs.INIT_NAME, ConstantDescs.MTD_void, List.of(),
                (code, p) -> code.superConstructor(p.getFirst(), Method.constructor(superclass)));
    }

    /// Whether the JVM's quick compiler takes all methods so far, see [QuickCompiler].
    public boolean isQuick() {
        return counts.values().stream().allMatch(VectorCount::isQuick);
    }

    /// The finished class.
    /// @throws LimitException when a method exceeds the limits
    public GeneratedClass build() {
        writer.visitEnd();
        byte[] bytes = writer.toByteArray();
        for (var method : ClassFile.of().parse(bytes).methods()) {
            String key = method.methodName().stringValue() + method.methodType().stringValue();
            int length = method.code().map(c -> c instanceof CodeAttribute a ? a.codeLength() : 0).orElse(0);
            VectorCount count = counts.get(key);
            limits.check(name.displayName() + "." + method.methodName().stringValue(), length, count.operations(), count.live());
        }
        return new GeneratedClass(name, bytes, listing + "}\n");
    }

    private static int mask(Set<AccessFlag> flags) {
        return flags.stream().mapToInt(AccessFlag::mask).reduce(0, (a, b) -> a | b);
    }

    private static String words(Set<AccessFlag> flags) {
        return flags.stream().sorted().map(f -> f.name().toLowerCase(Locale.ROOT) + " ").collect(Collectors.joining());
    }
}
