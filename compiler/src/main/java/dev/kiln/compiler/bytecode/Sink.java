package dev.kiln.compiler.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.util.Arrays;
import java.util.Set;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/// Where the instructions of one method go: to ASM, and past the counters of what is limited.
final class Sink {
    /// Calls on vectors that are no instruction in a loop: constants leave it, the others only change the type.
    private static final Set<String> FREE = Set.of("broadcast", "reinterpretAsInts", "reinterpretAsFloats");

    private final MethodVisitor visitor;
    private final VectorCount vectors = new VectorCount();

    Sink(MethodVisitor visitor) {
        this.visitor = visitor;
    }

    VectorCount vectors() {
        return vectors;
    }

    void pushInt(int value) {
        if (value >= -1 && value <= 5) visitor.visitInsn(Opcodes.ICONST_0 + value);
        else if (value == (byte) value) visitor.visitIntInsn(Opcodes.BIPUSH, value);
        else if (value == (short) value) visitor.visitIntInsn(Opcodes.SIPUSH, value);
        else visitor.visitLdcInsn(value);
    }

    void constant(Object value) {
        visitor.visitLdcInsn(value);
    }

    void instruction(int opcode) {
        visitor.visitInsn(opcode);
    }

    void load(ClassDesc type, int slot) {
        visitor.visitVarInsn(Types.opcode(type, Opcodes.ILOAD), slot);
        if (Types.isVector(type)) vectors.load(slot);
    }

    void store(ClassDesc type, int slot) {
        visitor.visitVarInsn(Types.opcode(type, Opcodes.ISTORE), slot);
        if (Types.isVector(type)) vectors.store(slot);
    }

    void increment(int slot, int by) {
        visitor.visitIincInsn(slot, by);
    }

    void field(int opcode, ClassDesc owner, String name, ClassDesc type) {
        visitor.visitFieldInsn(opcode, Types.internal(owner), name, type.descriptorString());
    }

    void call(Method method) {
        visitor.visitMethodInsn(method.opcode(), Types.internal(method.owner()), method.name(), method.type().descriptorString(), method.kind() == Method.Kind.INTERFACE);
        vectors.quick(QuickCompiler.weight(method));
        if (Types.isVector(method.owner()) && !FREE.contains(method.name())) vectors.operation();
    }

    void dynamic(DynamicCallSiteDesc site) {
        Object[] constants = Arrays.stream(site.bootstrapArgs()).map(Types::constant).toArray();
        visitor.visitInvokeDynamicInsn(site.invocationName(), site.invocationType().descriptorString(), (Handle) Types.constant(site.bootstrapMethod()), constants);
    }

    void create(ClassDesc type) {
        visitor.visitTypeInsn(Opcodes.NEW, Types.internal(type));
    }

    void checkCast(ClassDesc type) {
        visitor.visitTypeInsn(Opcodes.CHECKCAST, Types.internal(type));
    }

    void newArray(ClassDesc element) {
        if (element.isPrimitive()) visitor.visitIntInsn(Opcodes.NEWARRAY, Types.arrayCode(element));
        else visitor.visitTypeInsn(Opcodes.ANEWARRAY, Types.internal(element));
    }

    Label label() {
        return new Label();
    }

    void place(Label label) {
        visitor.visitLabel(label);
        vectors.place(label);
    }

    void jump(Label target) {
        visitor.visitJumpInsn(Opcodes.GOTO, target);
        vectors.leave(target);
    }

    void jump(int opcode, Label target) {
        visitor.visitJumpInsn(opcode, target);
        vectors.branch(target);
    }

    void select(int low, int high, Label otherwise, Label[] labels) {
        visitor.visitTableSwitchInsn(low, high, otherwise, labels);
        for (Label label : labels) vectors.branch(label);
        vectors.leave(otherwise);
    }

    void line(int number) {
        Label here = new Label();
        visitor.visitLabel(here);
        visitor.visitLineNumber(number, here);
    }
}
