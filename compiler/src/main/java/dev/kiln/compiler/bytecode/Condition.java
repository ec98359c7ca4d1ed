package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_boolean;

import java.util.Set;
import org.objectweb.asm.Label;
import org.objectweb.asm.Opcodes;

/// A condition: falls through when true, jumps when false.
public final class Condition {
    private static final Set<String> EQUALITIES = Set.of("==", "!=");

    private final String text;
    private final Jump jumpIfFalse;
    private final Jump jumpIfTrue;

    private Condition(String text, Jump jumpIfFalse, Jump jumpIfTrue) {
        this.text = text;
        this.jumpIfFalse = jumpIfFalse;
        this.jumpIfTrue = jumpIfTrue;
    }

    @FunctionalInterface
    private interface Jump {
        void to(Sink sink, Label target);
    }

    /// A boolean expression.
    public static Condition of(Expr bool) {
        return new Condition(bool.within(Precedence.ATOM), jump(bool, Opcodes.IFEQ), jump(bool, Opcodes.IFNE));
    }

    private static Jump jump(Expr operand, int opcode) {
        return (s, target) -> {
            operand.pushTo(s);
            s.jump(opcode, target);
        };
    }

    static Condition compare(Expr a, String operator, Expr b) {
        String text = a.within(Precedence.SHIFT) + " " + operator + " " + b.within(Precedence.SHIFT);
        return new Condition(text, comparison(a, operator, b, false), comparison(a, operator, b, true));
    }

    /// With NaN every comparison but `!=` is false: `fcmpg` says 1 there, which fails less, `fcmpl` says -1, which fails more.
    private static Jump comparison(Expr a, String operator, Expr b, boolean wanted) {
        boolean less = operator.startsWith("<");
        return (s, target) -> {
            a.pushTo(s);
            b.pushTo(s);
            switch (a.type().descriptorString()) {
                case "F" -> s.instruction(less ? Opcodes.FCMPG : Opcodes.FCMPL);
                case "D" -> s.instruction(less ? Opcodes.DCMPG : Opcodes.DCMPL);
                case "J" -> s.instruction(Opcodes.LCMP);
                case "I", "Z", "B", "S", "C" -> {
                    s.jump(withZero(operator, wanted) + (Opcodes.IF_ICMPEQ - Opcodes.IFEQ), target);
                    return;
                }
                default -> {
                    if (!EQUALITIES.contains(operator)) throw new IllegalArgumentException("references are equal or not: " + operator);
                    s.jump(withZero(operator, wanted) + (Opcodes.IF_ACMPEQ - Opcodes.IFEQ), target);
                    return;
                }
            }
            s.jump(withZero(operator, wanted), target);
        };
    }

    private static int withZero(String operator, boolean wanted) {
        int opcode = switch (operator) {
            case "==" -> Opcodes.IFEQ;
            case "!=" -> Opcodes.IFNE;
            case "<" -> Opcodes.IFLT;
            case ">=" -> Opcodes.IFGE;
            case ">" -> Opcodes.IFGT;
            case "<=" -> Opcodes.IFLE;
            default -> throw new IllegalArgumentException("no comparison " + operator);
        };
        // opcodes come in pairs of opposites: eq ne, lt ge, gt le
        return wanted ? opcode : ((opcode - Opcodes.IFEQ) ^ 1) + Opcodes.IFEQ;
    }

    public Condition and(Condition other) {
        return new Condition(text + " && " + other.text, (s, no) -> {
            jumpIfFalse.to(s, no);
            other.jumpIfFalse.to(s, no);
        }, (s, yes) -> {
            Label no = s.label();
            jumpIfFalse.to(s, no);
            other.jumpIfTrue.to(s, yes);
            s.place(no);
        });
    }

    public Condition not() {
        return new Condition("!(" + text + ")", /* jumpIfFalse= */ jumpIfTrue, /* jumpIfTrue= */ jumpIfFalse);
    }

    /// As a boolean value.
    public Expr value() {
        return Expr.atom(CD_boolean, "(" + text + ")", s -> {
            Label no = s.label();
            Label end = s.label();
            jumpIfFalse(s, no);
            s.pushInt(1);
            s.jump(end);
            s.place(no);
            s.pushInt(0);
            s.place(end);
        });
    }

    void jumpIfFalse(Sink sink, Label target) {
        jumpIfFalse.to(sink, target);
    }

    @Override
    public String toString() {
        return text;
    }
}
