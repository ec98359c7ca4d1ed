package dev.kiln.compiler.emit;

import static dev.kiln.compiler.emit.VectorApi.binary;
import static dev.kiln.compiler.emit.VectorApi.unary;
import static java.lang.constant.ConstantDescs.CD_int;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Condition;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import java.lang.constant.ClassDesc;

/// Vector code as calls of the Vector API. All masks are masks of float vectors.
record VectorLanes(Code code, int count) implements Lanes {
    private Expr floatSpecies() {
        return VectorApi.floatSpecies(count);
    }

    private Expr intSpecies() {
        return VectorApi.intSpecies(count);
    }

    private static boolean isInt(Expr a) {
        return a.type().equals(VectorApi.INT);
    }

    @Override
    public Expr known(Expr local) {
        code.refuse(VectorApi.isForeign(local, count));
        return local;
    }

    /// A vector that a method is called on.
    private Expr exact(Expr vector) {
        return code.isVague(vector) ? known(vector) : vector;
    }

    /// A vector that a method is called on which each class has of its own. Behind 8000 bytes of what it inlines C2 puts all further calls off and knows no class of what they will
    /// return, so it would have to guess from what was seen, and make a box for the case that it guesses wrong.
    private Expr dispatched(Expr vector) {
        return code.isLocal(vector) ? known(vector) : vector;
    }

    @Override
    public ClassDesc floatType() {
        return VectorApi.FLOAT;
    }

    @Override
    public ClassDesc intType() {
        return VectorApi.INT;
    }

    @Override
    public ClassDesc maskType() {
        return VectorApi.MASK;
    }

    @Override
    public Expr literal(float value) {
        return broadcast(Expr.of(value));
    }

    @Override
    public Expr literal(int value) {
        return broadcast(Expr.of(value));
    }

    @Override
    public Expr broadcast(Expr scalar) {
        return scalar.type().equals(CD_int)
                ? Expr.callStatic(VectorApi.BROADCAST_INT, intSpecies(), scalar)
                : Expr.callStatic(VectorApi.BROADCAST_FLOAT, floatSpecies(), scalar);
    }

    @Override
    public Expr broadcastMask(Expr bool) {
        return floatSpecies().call(VectorApi.MASK_ALL, bool);
    }

    @Override
    public Expr iota() {
        return literal(0).call(VectorApi.ADD_INDEX, Expr.of(1));
    }

    @Override
    public Expr load(Expr floats, Expr index) {
        return Expr.callStatic(VectorApi.FROM_ARRAY, floatSpecies(), floats, index);
    }

    /// What a call returns is any vector to C2, too, where it puts off inlining that call, as it does in the last part of a large method: a kernel that stored what `blend` returned
    /// made a box for it for good.
    @Override
    public void store(Expr floats, Expr index, Expr value) {
        Expr local = code.isLocal(value) ? value : code.let("value", value);
        code.run(known(local).call(VectorApi.INTO_ARRAY, floats, index));
    }

    @Override
    public Expr add(Expr a, Expr b) {
        return binary(exact(a), "add", b);
    }

    @Override
    public Expr sub(Expr a, Expr b) {
        return binary(exact(a), "sub", b);
    }

    @Override
    public Expr mul(Expr a, Expr b) {
        return binary(exact(a), "mul", b);
    }

    @Override
    public Expr div(Expr a, Expr b) {
        return binary(exact(a), "div", b);
    }

    @Override
    public Expr fma(Expr a, Expr b, Expr c) {
        return exact(a).call(VectorApi.FMA, b, c);
    }

    @Override
    public Expr neg(Expr a) {
        return unary(exact(a), "neg");
    }

    @Override
    public Expr abs(Expr a) {
        return unary(exact(a), "abs");
    }

    @Override
    public Expr sqrt(Expr a) {
        return unary(exact(a), "sqrt");
    }

    @Override
    public Expr min(Expr a, Expr b) {
        return binary(exact(a), "min", b);
    }

    @Override
    public Expr max(Expr a, Expr b) {
        return binary(exact(a), "max", b);
    }

    @Override
    public Expr and(Expr a, Expr b) {
        return binary(exact(a), "and", b);
    }

    @Override
    public Expr or(Expr a, Expr b) {
        return binary(exact(a), "or", b);
    }

    @Override
    public Expr xor(Expr a, Expr b) {
        return VectorApi.logic(dispatched(a), "XOR", b);
    }

    @Override
    public Expr shiftLeft(Expr a, int bits) {
        return VectorApi.shift(dispatched(a), "LSHL", bits);
    }

    @Override
    public Expr shiftRight(Expr a, int bits) {
        return VectorApi.shift(dispatched(a), "ASHR", bits);
    }

    @Override
    public Expr shiftRightUnsigned(Expr a, int bits) {
        return VectorApi.shift(dispatched(a), "LSHR", bits);
    }

    @Override
    public Expr rotateLeft(Expr a, int bits) {
        return VectorApi.shift(dispatched(a), "ROL", bits);
    }

    @Override
    public Expr bits(Expr floats) {
        return dispatched(floats).call(VectorApi.AS_INTS);
    }

    @Override
    public Expr floats(Expr bits) {
        return dispatched(bits).call(VectorApi.AS_FLOATS);
    }

    @Override
    public Expr toInt(Expr floats) {
        return VectorApi.convert(exact(floats), "F2I", VectorApi.INT);
    }

    @Override
    public Expr toFloat(Expr ints) {
        return VectorApi.convert(exact(ints), "I2F", VectorApi.FLOAT);
    }

    private Expr compare(Expr a, String operator, Expr b) {
        Expr mask = VectorApi.compare(dispatched(a), operator, b);
        return isInt(a) ? mask.call(VectorApi.MASK_CAST, floatSpecies()) : mask;
    }

    @Override
    public Expr less(Expr a, Expr b) {
        return compare(a, "LT", b);
    }

    @Override
    public Expr lessEqual(Expr a, Expr b) {
        return compare(a, "LE", b);
    }

    @Override
    public Expr equal(Expr a, Expr b) {
        return compare(a, "EQ", b);
    }

    @Override
    public Expr both(Expr mask, Expr other) {
        return binary(mask, "and", other);
    }

    @Override
    public Expr either(Expr mask, Expr other) {
        return binary(mask, "or", other);
    }

    @Override
    public Expr not(Expr mask) {
        return mask.call(VectorApi.MASK_NOT);
    }

    @Override
    public Expr select(Expr mask, Expr a, Expr b) {
        return isInt(a) ? bits(select(mask, floats(a), floats(b))) : VectorApi.blend(dispatched(b), a, mask);
    }

    @Override
    public void rarely(Expr mask, ClassDesc owner, String name, Expr x, Expr y) {
        Expr some = code.let("some", mask);
        code.when(Condition.of(some.call(VectorApi.MASK_ANY)), () -> {
            Expr lanes = code.let("lanes", Expr.callStatic(Method.ofStatic(owner, name, VectorApi.FLOATS, VectorApi.FLOATS), x.call(VectorApi.TO_ARRAY)));
            code.set(y, select(some, load(lanes, Expr.of(0)), y));
        });
    }
}
