package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Condition;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import java.lang.constant.ClassDesc;

/// Vector code with one lane, as plain Java.
record ScalarLanes(Code code) implements Lanes {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    private static final ClassDesc FLOAT = ClassDesc.of("java.lang.Float");
    private static final Method FMA = Method.ofStatic(MATH, "fma", CD_float, CD_float, CD_float, CD_float);
    private static final Method SQRT = Method.ofStatic(MATH, "sqrt", CD_double, CD_double);
    private static final Method TO_BITS = Method.ofStatic(FLOAT, "floatToRawIntBits", CD_int, CD_float);
    private static final Method FROM_BITS = Method.ofStatic(FLOAT, "intBitsToFloat", CD_float, CD_int);
    private static final Method ROTATE = Method.ofStatic(ClassDesc.of("java.lang.Integer"), "rotateLeft", CD_int, CD_int, CD_int);

    @Override
    public int count() {
        return 1;
    }

    @Override
    public ClassDesc floatType() {
        return CD_float;
    }

    @Override
    public ClassDesc intType() {
        return CD_int;
    }

    @Override
    public ClassDesc maskType() {
        return CD_boolean;
    }

    @Override
    public Expr literal(float value) {
        return Expr.of(value);
    }

    @Override
    public Expr literal(int value) {
        return Expr.of(value);
    }

    @Override
    public Expr broadcast(Expr scalar) {
        return scalar;
    }

    @Override
    public Expr broadcastMask(Expr bool) {
        return bool;
    }

    @Override
    public Expr iota() {
        return Expr.of(0);
    }

    @Override
    public Expr load(Expr floats, Expr index) {
        return floats.at(index);
    }

    @Override
    public Expr known(Expr local) {
        return local;
    }

    @Override
    public void store(Expr floats, Expr index, Expr value) {
        code.store(floats, index, value);
    }

    @Override
    public Expr add(Expr a, Expr b) {
        return a.plus(b);
    }

    @Override
    public Expr sub(Expr a, Expr b) {
        return a.minus(b);
    }

    @Override
    public Expr mul(Expr a, Expr b) {
        return a.times(b);
    }

    @Override
    public Expr div(Expr a, Expr b) {
        return a.over(b);
    }

    @Override
    public Expr fma(Expr a, Expr b, Expr c) {
        return Expr.callStatic(FMA, a, b, c);
    }

    @Override
    public Expr neg(Expr a) {
        return a.negate();
    }

    @Override
    public Expr abs(Expr a) {
        return Expr.callStatic(Method.ofStatic(MATH, "abs", a.type(), a.type()), a);
    }

    @Override
    public Expr sqrt(Expr a) {
        return Expr.callStatic(SQRT, a.cast(CD_double)).cast(CD_float);
    }

    @Override
    public Expr min(Expr a, Expr b) {
        return Expr.callStatic(Method.ofStatic(MATH, "min", a.type(), a.type(), a.type()), a, b);
    }

    @Override
    public Expr max(Expr a, Expr b) {
        return Expr.callStatic(Method.ofStatic(MATH, "max", a.type(), a.type(), a.type()), a, b);
    }

    @Override
    public Expr and(Expr a, Expr b) {
        return a.and(b);
    }

    @Override
    public Expr or(Expr a, Expr b) {
        return a.or(b);
    }

    @Override
    public Expr xor(Expr a, Expr b) {
        return a.xor(b);
    }

    @Override
    public Expr shiftLeft(Expr a, int bits) {
        return a.shiftLeft(Expr.of(bits));
    }

    @Override
    public Expr shiftRight(Expr a, int bits) {
        return a.shiftRight(Expr.of(bits));
    }

    @Override
    public Expr shiftRightUnsigned(Expr a, int bits) {
        return a.shiftRightUnsigned(Expr.of(bits));
    }

    @Override
    public Expr rotateLeft(Expr a, int bits) {
        return Expr.callStatic(ROTATE, a, Expr.of(bits));
    }

    @Override
    public Expr bits(Expr floats) {
        return Expr.callStatic(TO_BITS, floats);
    }

    @Override
    public Expr floats(Expr bits) {
        return Expr.callStatic(FROM_BITS, bits);
    }

    @Override
    public Expr toInt(Expr floats) {
        return floats.cast(CD_int);
    }

    @Override
    public Expr toFloat(Expr ints) {
        return ints.cast(CD_float);
    }

    @Override
    public Expr less(Expr a, Expr b) {
        return a.lessThan(b).value();
    }

    @Override
    public Expr lessEqual(Expr a, Expr b) {
        return a.atMost(b).value();
    }

    @Override
    public Expr equal(Expr a, Expr b) {
        return a.equalTo(b).value();
    }

    @Override
    public Expr both(Expr mask, Expr other) {
        return mask.and(other);
    }

    @Override
    public Expr either(Expr mask, Expr other) {
        return mask.or(other);
    }

    @Override
    public Expr not(Expr mask) {
        return mask.xor(Expr.of(true));
    }

    @Override
    public Expr select(Expr mask, Expr a, Expr b) {
        return a.when(Condition.of(mask), b);
    }

    @Override
    public void rarely(Expr mask, ClassDesc owner, String name, Expr x, Expr y) {
        code.when(Condition.of(mask), () -> code.set(y, Expr.callStatic(Method.ofStatic(owner, name, CD_float, CD_float), x)));
    }
}
