package dev.kiln.compiler.schedule;

/// What is added to the places of all tiles of a contraction.
record Offsets(IndexExpr ofA, IndexExpr ofC, IndexExpr ofResidual) {
    static final Offsets NONE = new Offsets(IndexExpr.number(0), IndexExpr.number(0), IndexExpr.number(0));
}
