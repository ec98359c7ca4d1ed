package dev.kiln.compiler.bytecode;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.objectweb.asm.Opcodes;

/// A typed expression: knows its type, how to push itself, and how it reads as Java. Pushing twice computes twice; [Code#let] names what is used again.
public final class Expr {
    private final ClassDesc type;
    private final String text;
    private final int precedence;
    private final Push push;
    private final OptionalInt constant;
    private final boolean isStaticCall;

    private Expr(ClassDesc type, String text, int precedence, OptionalInt constant, Push push) {
        this(type, text, precedence, constant, push, false);
    }

    private Expr(ClassDesc type, String text, int precedence, OptionalInt constant, Push push, boolean isStaticCall) {
        this.type = type;
        this.text = text;
        this.precedence = precedence;
        this.constant = constant;
        this.push = push;
        this.isStaticCall = isStaticCall;
    }

    /// An expression that never needs parentheses.
    static Expr atom(ClassDesc type, String text, Push push) {
        return new Expr(type, text, Precedence.ATOM, OptionalInt.empty(), push);
    }

    public ClassDesc type() {
        return type;
    }

    boolean isStaticCall() {
        return isStaticCall;
    }

    void pushTo(Sink sink) {
        push.to(sink);
    }

    // literals

    public static Expr of(int value) {
        return new Expr(CD_int, Integer.toString(value), value < 0 ? Precedence.UNARY : Precedence.ATOM, OptionalInt.of(value), s -> s.pushInt(value));
    }

    public static Expr of(boolean value) {
        return atom(CD_boolean, Boolean.toString(value), s -> s.pushInt(value ? 1 : 0));
    }

    public static Expr of(long value) {
        return atom(CD_long, value + "L", s -> s.constant(value));
    }

    public static Expr of(float value) {
        return atom(CD_float, Literals.text(value), s -> s.constant(value));
    }

    public static Expr of(double value) {
        return atom(CD_double, Double.toString(value), s -> s.constant(value));
    }

    public static Expr of(String value) {
        return atom(ConstantDescs.CD_String, Literals.text(value), s -> s.constant(value));
    }

    /// `Name.class`.
    public static Expr of(ClassDesc value) {
        return atom(ConstantDescs.CD_Class, value.displayName() + ".class", s -> s.constant(Types.constant(value)));
    }

    public static Expr nothing(ClassDesc type) {
        return atom(type, "null", s -> s.instruction(Opcodes.ACONST_NULL));
    }

    // arithmetic; on ints, what is known is folded

    public Expr plus(Expr other) {
        if (isConstant(0)) return other;
        if (other.isConstant(0)) return this;
        if (known(other)) return of(constant.getAsInt() + other.constant.getAsInt());
        return binary(" + ", Precedence.SUM, Opcodes.IADD, other);
    }

    public Expr plus(int other) {
        return plus(of(other));
    }

    public Expr minus(Expr other) {
        if (other.isConstant(0)) return this;
        if (known(other)) return of(constant.getAsInt() - other.constant.getAsInt());
        return binary(" - ", Precedence.SUM, Opcodes.ISUB, other);
    }

    public Expr minus(int other) {
        return minus(of(other));
    }

    public Expr times(Expr other) {
        if (isConstant(1)) return other;
        if (other.isConstant(1)) return this;
        if (isConstant(0) || other.isConstant(0)) return of(0);
        if (known(other)) return of(constant.getAsInt() * other.constant.getAsInt());
        return binary(" * ", Precedence.PRODUCT, Opcodes.IMUL, other);
    }

    public Expr times(int other) {
        return times(of(other));
    }

    public Expr over(Expr other) {
        if (other.isConstant(1)) return this;
        return binary(" / ", Precedence.PRODUCT, Opcodes.IDIV, other);
    }

    public Expr remainder(Expr other) {
        return binary(" % ", Precedence.PRODUCT, Opcodes.IREM, other);
    }

    public Expr and(Expr other) {
        return binary(" & ", Precedence.AND, Opcodes.IAND, other);
    }

    public Expr or(Expr other) {
        return binary(" | ", Precedence.OR, Opcodes.IOR, other);
    }

    public Expr xor(Expr other) {
        return binary(" ^ ", Precedence.XOR, Opcodes.IXOR, other);
    }

    public Expr shiftLeft(Expr bits) {
        return binary(" << ", Precedence.SHIFT, Opcodes.ISHL, bits);
    }

    /// Keeps the sign.
    public Expr shiftRight(Expr bits) {
        return binary(" >> ", Precedence.SHIFT, Opcodes.ISHR, bits);
    }

    /// Fills with zeros.
    public Expr shiftRightUnsigned(Expr bits) {
        return binary(" >>> ", Precedence.SHIFT, Opcodes.IUSHR, bits);
    }

    public Expr negate() {
        int opcode = Types.opcode(type, Opcodes.INEG);
        return new Expr(type, "-" + within(Precedence.ATOM), Precedence.UNARY, OptionalInt.empty(), s -> {
            push.to(s);
            s.instruction(opcode);
        });
    }

    /// `(to) this`, between int, long, float and double, or a checked cast of references.
    public Expr cast(ClassDesc to) {
        if (type.equals(to)) return this;
        String cast = "(" + to.displayName() + ") " + within(Precedence.UNARY);
        return new Expr(to, cast, Precedence.UNARY, OptionalInt.empty(), s -> {
            push.to(s);
            if (to.isPrimitive()) s.instruction(Types.conversion(type, to));
            else s.checkCast(to);
        });
    }

    private Expr binary(String operator, int level, int intOpcode, Expr other) {
        int opcode = Types.opcode(type, intOpcode);
        return new Expr(type, within(level) + operator + other.within(level + 1), level, OptionalInt.empty(), s -> {
            push.to(s);
            other.push.to(s);
            s.instruction(opcode);
        });
    }

    // conditions

    public Condition lessThan(Expr other) {
        return Condition.compare(this, "<", other);
    }

    public Condition atMost(Expr other) {
        return Condition.compare(this, "<=", other);
    }

    public Condition moreThan(Expr other) {
        return Condition.compare(this, ">", other);
    }

    public Condition atLeast(Expr other) {
        return Condition.compare(this, ">=", other);
    }

    public Condition equalTo(Expr other) {
        return Condition.compare(this, "==", other);
    }

    public Condition differsFrom(Expr other) {
        return Condition.compare(this, "!=", other);
    }

    /// `condition ? this : other`.
    public Expr when(Condition condition, Expr other) {
        String choice = condition + " ? " + within(Precedence.CHOICE + 1) + " : " + other.within(Precedence.CHOICE);
        return new Expr(type, choice, Precedence.CHOICE, OptionalInt.empty(), s -> {
            var no = s.label();
            var end = s.label();
            condition.jumpIfFalse(s, no);
            push.to(s);
            s.jump(end);
            s.place(no);
            other.push.to(s);
            s.place(end);
        });
    }

    // arrays, fields, calls

    /// `this[index]`.
    public Expr at(Expr index) {
        ClassDesc element = type.componentType();
        int opcode = Types.opcode(element, Opcodes.IALOAD);
        return atom(element, within(Precedence.ATOM) + "[" + index + "]", s -> {
            push.to(s);
            index.push.to(s);
            s.instruction(opcode);
        });
    }

    public Expr at(int index) {
        return at(of(index));
    }

    public Expr length() {
        return atom(CD_int, within(Precedence.ATOM) + ".length", s -> {
            push.to(s);
            s.instruction(Opcodes.ARRAYLENGTH);
        });
    }

    /// `this.name`.
    public Expr field(ClassDesc owner, String name, ClassDesc fieldType) {
        return atom(fieldType, within(Precedence.ATOM) + "." + name, s -> {
            push.to(s);
            s.field(Opcodes.GETFIELD, owner, name, fieldType);
        });
    }

    public static Expr staticField(ClassDesc owner, String name, ClassDesc fieldType) {
        return atom(fieldType, owner.displayName() + "." + name, s -> s.field(Opcodes.GETSTATIC, owner, name, fieldType));
    }

    /// `this.method(arguments)`.
    public Expr call(Method method, Expr... arguments) {
        if (method.isStatic()) throw new IllegalArgumentException(method + " is static");
        return atom(method.type().returnType(), within(Precedence.ATOM) + "." + method.name() + "(" + list(arguments) + ")", s -> {
            push.to(s);
            for (Expr a : arguments) a.push.to(s);
            s.call(method);
        });
    }

    /// `Owner.method(arguments)`.
    public static Expr callStatic(Method method, Expr... arguments) {
        if (!method.isStatic()) throw new IllegalArgumentException(method + " is not static");
        String text = method.owner().displayName() + "." + method.name() + "(" + list(arguments) + ")";
        return new Expr(method.type().returnType(), text, Precedence.ATOM, OptionalInt.empty(), s -> {
            for (Expr a : arguments) a.push.to(s);
            s.call(method);
        }, true);
    }

    /// `Bootstrap.name(arguments)`: a call that its bootstrap method links when it first runs.
    public static Expr dynamic(DynamicCallSiteDesc site, Expr... arguments) {
        var bootstrap = (DirectMethodHandleDesc) site.bootstrapMethod();
        return atom(site.invocationType().returnType(), bootstrap.owner().displayName() + "." + site.invocationName() + "(" + list(arguments) + ")", s -> {
            for (Expr a : arguments) a.push.to(s);
            s.dynamic(site);
        });
    }

    /// `new Owner(arguments)`.
    public static Expr create(Method constructor, Expr... arguments) {
        return atom(constructor.owner(), "new " + constructor.owner().displayName() + "(" + list(arguments) + ")", s -> {
            s.create(constructor.owner());
            s.instruction(Opcodes.DUP);
            for (Expr a : arguments) a.push.to(s);
            s.call(constructor);
        });
    }

    /// `new element[length]`.
    public static Expr newArray(ClassDesc element, Expr length) {
        return atom(element.arrayType(), "new " + element.displayName() + "[" + length + "]", s -> {
            length.push.to(s);
            s.newArray(element);
        });
    }

    /// `new element[] {elements}`.
    public static Expr arrayOf(ClassDesc element, Expr... elements) {
        int opcode = Types.opcode(element, Opcodes.IASTORE);
        return atom(element.arrayType(), "new " + element.displayName() + "[] {" + list(elements) + "}", s -> {
            s.pushInt(elements.length);
            s.newArray(element);
            for (int i = 0; i < elements.length; i++) {
                s.instruction(Opcodes.DUP);
                s.pushInt(i);
                elements[i].push.to(s);
                s.instruction(opcode);
            }
        });
    }

    private boolean known(Expr other) {
        return constant.isPresent() && other.constant.isPresent();
    }

    private boolean isConstant(int value) {
        return constant.isPresent() && constant.getAsInt() == value;
    }

    /// The text, in parentheses where an operator of this level needs them.
    String within(int level) {
        return precedence >= level ? text : "(" + text + ")";
    }

    static String list(Expr... expressions) {
        return Arrays.stream(expressions).map(Expr::toString).collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return text;
    }

    /// How an expression leaves its value on the stack.
    @FunctionalInterface
    interface Push {
        void to(Sink sink);
    }
}
