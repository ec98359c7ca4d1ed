package dev.kiln.compiler.bytecode;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.objectweb.asm.Opcodes;

/// A method that generated code calls.
public record Method(Kind kind, ClassDesc owner, String name, MethodTypeDesc type) {
    /// How it is called.
    public enum Kind {
        STATIC,
        VIRTUAL,
        INTERFACE,
        /// A constructor or a method of the superclass.
        SPECIAL
    }

    public static Method ofStatic(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
        return new Method(Kind.STATIC, owner, name, MethodTypeDesc.of(result, parameters));
    }

    public static Method of(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
        return new Method(Kind.VIRTUAL, owner, name, MethodTypeDesc.of(result, parameters));
    }

    public static Method ofInterface(ClassDesc owner, String name, ClassDesc result, ClassDesc... parameters) {
        return new Method(Kind.INTERFACE, owner, name, MethodTypeDesc.of(result, parameters));
    }

    public static Method constructor(ClassDesc owner, ClassDesc... parameters) {
        return new Method(Kind.SPECIAL, owner, ConstantDescs.INIT_NAME, MethodTypeDesc.of(ConstantDescs.CD_void, parameters));
    }

    boolean isStatic() {
        return kind == Kind.STATIC;
    }

    int opcode() {
        return switch (kind) {
            case STATIC -> Opcodes.INVOKESTATIC;
            case VIRTUAL -> Opcodes.INVOKEVIRTUAL;
            case INTERFACE -> Opcodes.INVOKEINTERFACE;
            case SPECIAL -> Opcodes.INVOKESPECIAL;
        };
    }

    @Override
    public String toString() {
        return owner.displayName() + "." + name + type.displayDescriptor();
    }
}
