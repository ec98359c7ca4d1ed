package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_float;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.Condition;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.runtime.VectorClass;
import java.lang.constant.ClassDesc;

/// The part of `jdk.incubator.vector` that generated code calls.
final class VectorApi {
    static final ClassDesc FLOATS = CD_float.arrayType();
    static final ClassDesc FLOAT = vector("FloatVector");
    static final ClassDesc INT = vector("IntVector");
    static final ClassDesc MASK = vector("VectorMask");
    static final ClassDesc SPECIES = vector("VectorSpecies");

    private static final ClassDesc VECTOR = vector("Vector");
    private static final ClassDesc OPERATORS = vector("VectorOperators");
    private static final ClassDesc CONVERSION = OPERATORS.nested("Conversion");
    private static final ClassDesc COMPARISON = OPERATORS.nested("Comparison");
    private static final ClassDesc BINARY = OPERATORS.nested("Binary");

    static final Method FROM_ARRAY = Method.ofStatic(FLOAT, "fromArray", FLOAT, SPECIES, FLOATS, CD_int);
    static final Method INTO_ARRAY = Method.of(FLOAT, "intoArray", CD_void, FLOATS, CD_int);
    static final Method BROADCAST_FLOAT = Method.ofStatic(FLOAT, "broadcast", FLOAT, SPECIES, CD_float);
    static final Method BROADCAST_INT = Method.ofStatic(INT, "broadcast", INT, SPECIES, CD_int);
    static final Method FMA = Method.of(FLOAT, "fma", FLOAT, VECTOR, VECTOR);
    static final Method ADD_INDEX = Method.of(INT, "addIndex", INT, CD_int);
    static final Method AS_INTS = Method.of(FLOAT, "reinterpretAsInts", INT);
    static final Method AS_FLOATS = Method.of(INT, "reinterpretAsFloats", FLOAT);
    static final Method MASK_CAST = Method.of(MASK, "cast", MASK, SPECIES);
    static final Method TO_ARRAY = Method.of(FLOAT, "toArray", FLOATS);
    static final Method MASK_ANY = Method.of(MASK, "anyTrue", CD_boolean);
    static final Method MASK_NOT = Method.of(MASK, "not", MASK);
    static final Method MASK_ALL = Method.ofInterface(SPECIES, "maskAll", MASK, CD_boolean);

    private static final ClassDesc CLASSES = ClassDesc.of(VectorClass.class.getName());
    private static final Method GET_CLASS = Method.of(CD_Object, "getClass", CD_Class);

    private VectorApi() {}

    private static ClassDesc vector(String name) {
        return ClassDesc.of("jdk.incubator.vector", name);
    }

    static Expr floatSpecies(int lanes) {
        return Expr.staticField(FLOAT, "SPECIES_" + lanes * Float.SIZE, SPECIES);
    }

    static Expr intSpecies(int lanes) {
        return Expr.staticField(INT, "SPECIES_" + lanes * Integer.SIZE, SPECIES);
    }

    /// Whether the vector is of another class than all vectors of so many lanes, which is never so, see [VectorClass].
    static Condition isForeign(Expr vector, int lanes) {
        return vector.call(GET_CLASS).differsFrom(Expr.staticField(CLASSES.nested("Lanes" + lanes), vector.type().equals(FLOAT) ? "FLOAT" : "INT", CD_Class));
    }

    /// `a.name()`, of the type of a.
    static Expr unary(Expr a, String name) {
        return a.call(Method.of(a.type(), name, a.type()));
    }

    /// `a.name(b)`, of the type of a.
    static Expr binary(Expr a, String name, Expr b) {
        return a.call(Method.of(a.type(), name, a.type(), a.type().equals(MASK) ? MASK : VECTOR), b);
    }

    /// `a.lanewise(OPERATOR, bits)`.
    static Expr shift(Expr a, String operator, int bits) {
        return a.call(Method.of(a.type(), "lanewise", a.type(), BINARY, CD_int), Expr.staticField(OPERATORS, operator, BINARY), Expr.of(bits));
    }

    static Expr logic(Expr a, String operator, Expr b) {
        ClassDesc associative = OPERATORS.nested("Associative");
        return a.call(Method.of(a.type(), "lanewise", a.type(), BINARY, VECTOR), Expr.staticField(OPERATORS, operator, associative), b);
    }

    static Expr compare(Expr a, String operator, Expr b) {
        return a.call(Method.of(a.type(), "compare", MASK, COMPARISON, VECTOR), Expr.staticField(OPERATORS, operator, COMPARISON), b);
    }

    static Expr convert(Expr a, String conversion, ClassDesc to) {
        return a.call(Method.of(a.type(), "convert", VECTOR, CONVERSION, CD_int), Expr.staticField(OPERATORS, conversion, CONVERSION), Expr.of(0)).cast(to);
    }

    /// Lanes of b where the mask is set, else of a.
    static Expr blend(Expr a, Expr b, Expr mask) {
        return a.call(Method.of(a.type(), "blend", a.type(), VECTOR, MASK), b, mask);
    }
}
