package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_int;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.type.Atom;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.Term;
import java.lang.constant.ClassDesc;
import java.util.Map;

/// Integer expressions of a plan as code.
final class IndexCode {
    private static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
    static final Method MINIMUM = Method.ofStatic(MATH, "min", CD_int, CD_int, CD_int);
    private static final Method MAXIMUM = Method.ofStatic(MATH, "max", CD_int, CD_int, CD_int);
    private static final Method ADD = Method.ofStatic(MATH, "addExact", CD_int, CD_int, CD_int);
    private static final Method MULTIPLY = Method.ofStatic(MATH, "multiplyExact", CD_int, CD_int, CD_int);
    private static final Method FLOOR = Method.ofStatic(MATH, "floorDiv", CD_int, CD_int, CD_int);
    private static final ClassDesc STRIPS = ClassDesc.of("dev.kiln.runtime.Strips");
    private static final Method HEIGHT = Method.ofStatic(STRIPS, "height", CD_int, CD_int);
    private static final Method CROWDED = Method.ofStatic(STRIPS, "crowded", CD_int, CD_int);

    /// In a driver: what the binding holds is read from it.
    static Expr read(IndexExpr e, Plan plan, Expr b, Map<String, Expr> locals) {
        return switch (e) {
            case IndexExpr.Constant(int value) -> Expr.of(value);
            case IndexExpr.Size _, IndexExpr.Height _, IndexExpr.Offset _ -> b.at(plan.index(e));
            case IndexExpr.Variable(var name) -> {
                var local = locals.get(name);
                if (local == null) throw new IllegalStateException("variable '" + name + "' is not bound here");
                yield local;
            }
            case IndexExpr.Binary(var operator, var left, var right) -> {
                var l = read(left, plan, b, locals);
                var r = read(right, plan, b, locals);
                yield switch (operator) {
                    case PLUS -> l.plus(r);
                    case TIMES -> l.times(r);
                    case QUOTIENT -> l.over(r);
                    case REMAINDER -> l.remainder(r);
                    case MINIMUM -> Expr.callStatic(MINIMUM, l, r);
                    case MAXIMUM -> Expr.callStatic(MAXIMUM, l, r);
                };
            }
        };
    }

    /// In `derive`: computed from the dims alone, overflow refused.
    static Expr compute(IndexExpr e, Plan plan, Expr b) {
        return switch (e) {
            case IndexExpr.Constant(int value) -> Expr.of(value);
            case IndexExpr.Size(Dim dim) -> compute(dim, plan, b);
            case IndexExpr.Height(Dim rows, boolean crowded) -> Expr.callStatic(crowded ? CROWDED : HEIGHT, compute(rows, plan, b));
            case IndexExpr.Offset _, IndexExpr.Variable _ -> throw new IllegalStateException(e + " is not known from the dims alone");
            case IndexExpr.Binary(var operator, var left, var right) -> {
                var l = compute(left, plan, b);
                var r = compute(right, plan, b);
                yield switch (operator) {
                    case PLUS -> Expr.callStatic(ADD, l, r);
                    case TIMES -> Expr.callStatic(MULTIPLY, l, r);
                    case QUOTIENT -> l.over(r);
                    case REMAINDER -> l.remainder(r);
                    case MINIMUM -> Expr.callStatic(MINIMUM, l, r);
                    case MAXIMUM -> Expr.callStatic(MAXIMUM, l, r);
                };
            }
        };
    }

    static Expr compute(Dim dim, Plan plan, Expr b) {
        Expr sum = null;
        for (Term term : dim.terms()) {
            Expr product = null;
            for (Atom atom : term.atoms()) {
                var factor = switch (atom) {
                    case Atom.Variable(var name) -> b.at(plan.index(new IndexExpr.Size(Dim.variable(name))));
                    case Atom.Named(_, var value) -> compute(value, plan, b);
                    case Atom.Floor(var dividend, var divisor) -> Expr.callStatic(FLOOR, compute(dividend, plan, b), compute(divisor, plan, b));
                    case Atom.Smaller(var one, var other) -> Expr.callStatic(MINIMUM, compute(one, plan, b), compute(other, plan, b));
                };
                product = product == null ? factor : Expr.callStatic(MULTIPLY, product, factor);
            }
            int coefficient = Math.toIntExact(term.coefficient());
            product = product == null ? Expr.of(coefficient) : coefficient == 1 ? product : Expr.callStatic(MULTIPLY, Expr.of(coefficient), product);
            sum = sum == null ? product : Expr.callStatic(ADD, sum, product);
        }
        return sum == null ? Expr.of(0) : sum;
    }

    private IndexCode() {}
}
