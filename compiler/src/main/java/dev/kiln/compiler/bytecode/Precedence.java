package dev.kiln.compiler.bytecode;

/// How tightly Java's operators bind; a higher number binds tighter.
final class Precedence {
    static final int CHOICE = 1;
    static final int OR = 2;
    static final int XOR = 3;
    static final int AND = 4;
    static final int SHIFT = 5;
    static final int SUM = 6;
    static final int PRODUCT = 7;
    static final int UNARY = 8;
    static final int ATOM = 9;

    private Precedence() {}
}
