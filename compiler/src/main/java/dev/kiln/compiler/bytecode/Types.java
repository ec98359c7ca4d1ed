package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_int;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/// From nominal types to the JVM's instructions.
final class Types {
    private Types() {}

    /// The variant for `type` of an instruction named for ints.
    static int opcode(ClassDesc type, int intOpcode) {
        return Type.getType(type.descriptorString()).getOpcode(intOpcode);
    }

    static String internal(ClassDesc type) {
        return Type.getType(type.descriptorString()).getInternalName();
    }

    static int slots(ClassDesc type) {
        return Type.getType(type.descriptorString()).getSize();
    }

    static boolean isInt(ClassDesc type) {
        return switch (type.descriptorString()) {
            case "I", "Z", "B", "S", "C" -> true;
            default -> false;
        };
    }

    /// Vectors and masks: what a vector register holds.
    static boolean isVector(ClassDesc type) {
        return type.descriptorString().startsWith("Ljdk/incubator/vector/") && !type.displayName().contains("Species");
    }

    static int conversion(ClassDesc from, ClassDesc to) {
        String pair = (isInt(from) ? "I" : from.descriptorString()) + (isInt(to) && !to.equals(CD_int) ? "?" : to.descriptorString());
        return switch (pair) {
            case "IF" -> Opcodes.I2F;
            case "IJ" -> Opcodes.I2L;
            case "ID" -> Opcodes.I2D;
            case "FI" -> Opcodes.F2I;
            case "FJ" -> Opcodes.F2L;
            case "FD" -> Opcodes.F2D;
            case "JI" -> Opcodes.L2I;
            case "JF" -> Opcodes.L2F;
            case "JD" -> Opcodes.L2D;
            case "DI" -> Opcodes.D2I;
            case "DJ" -> Opcodes.D2L;
            case "DF" -> Opcodes.D2F;
            default -> throw new IllegalArgumentException("no conversion from " + from.displayName() + " to " + to.displayName());
        };
    }

    /// What ASM takes for a constant.
    static Object constant(ConstantDesc constant) {
        return switch (constant) {
            case ClassDesc c -> Type.getType(c.descriptorString());
            case DirectMethodHandleDesc h -> new Handle(h.refKind(), internal(h.owner()), h.methodName(), h.lookupDescriptor(), h.isOwnerInterface());
            case String s -> s;
            default -> throw new IllegalArgumentException("no constant of " + constant.getClass());
        };
    }

    static int arrayCode(ClassDesc element) {
        return switch (element.descriptorString()) {
            case "Z" -> Opcodes.T_BOOLEAN;
            case "B" -> Opcodes.T_BYTE;
            case "I" -> Opcodes.T_INT;
            case "J" -> Opcodes.T_LONG;
            case "F" -> Opcodes.T_FLOAT;
            case "D" -> Opcodes.T_DOUBLE;
            default -> throw new IllegalArgumentException("no array of " + element.displayName());
        };
    }
}
