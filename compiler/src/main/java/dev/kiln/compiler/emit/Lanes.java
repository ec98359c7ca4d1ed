package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.runtime.VectorClass;
import java.lang.constant.ClassDesc;

/// The vector code that every kernel's arithmetic is written in, once: operations on lanes of floats, ints and truth values. Rendered as calls of the Vector API or,
/// with one lane, as plain Java. Both give the same bits, but for the payload of a NaN.
///
/// Arithmetic takes floats or ints, both operands alike. Operands are pushed where they are used, so what is used twice is a local.
interface Lanes {
    int count();

    ClassDesc floatType();

    ClassDesc intType();

    ClassDesc maskType();

    Expr literal(float value);

    Expr literal(int value);

    /// The same scalar float or int in all lanes.
    Expr broadcast(Expr scalar);

    /// The same boolean in all lanes.
    Expr broadcastMask(Expr bool);

    /// 0, 1, 2, … as ints.
    Expr iota();

    Expr load(Expr floats, Expr index);

    /// Where code goes on with a local that a loop carries: makes its class known again, see [VectorClass].
    /// @return the local
    Expr known(Expr local);

    /// A statement's expression or a store is emitted at once.
    void store(Expr floats, Expr index, Expr value);

    Expr add(Expr a, Expr b);

    Expr sub(Expr a, Expr b);

    Expr mul(Expr a, Expr b);

    /// Floats only.
    Expr div(Expr a, Expr b);

    /// `a * b + c`, rounded once.
    Expr fma(Expr a, Expr b, Expr c);

    Expr neg(Expr a);

    Expr abs(Expr a);

    Expr sqrt(Expr a);

    /// NaN if one is, and -0 below +0.
    Expr min(Expr a, Expr b);

    Expr max(Expr a, Expr b);

    Expr and(Expr a, Expr b);

    Expr or(Expr a, Expr b);

    Expr xor(Expr a, Expr b);

    Expr shiftLeft(Expr a, int bits);

    Expr shiftRight(Expr a, int bits);

    Expr shiftRightUnsigned(Expr a, int bits);

    Expr rotateLeft(Expr a, int bits);

    /// The bits of floats, as ints.
    Expr bits(Expr floats);

    /// Ints as the bits of floats.
    Expr floats(Expr bits);

    /// Rounded toward zero.
    Expr toInt(Expr floats);

    Expr toFloat(Expr ints);

    Expr less(Expr a, Expr b);

    Expr lessEqual(Expr a, Expr b);

    Expr equal(Expr a, Expr b);

    Expr both(Expr mask, Expr other);

    Expr either(Expr mask, Expr other);

    Expr not(Expr mask);

    /// `mask ? a : b`, floats or ints.
    Expr select(Expr mask, Expr a, Expr b);

    /// Where the mask is set, the local `y` becomes `owner.name(x)`, a function of one float that the runtime has for arrays, too. A branch: for what hardly ever happens.
    void rarely(Expr mask, ClassDesc owner, String name, Expr x, Expr y);
}
