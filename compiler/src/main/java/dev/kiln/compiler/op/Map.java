package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Formula;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/// `y[i..] = fn(a[i..], b[i..], …)`: a scalar function on every element. All operands have one shape; whoever needs broadcasting says so with a `Broadcast`.
public record Map(Fn fn, List<Value> operands) implements Op.Pointwise {
    public static final Spec SPEC = samples(Spec.of("map", "`y[i..] = fn(a[i..], b[i..], …)`: a scalar function on every element of operands of one shape; see the table of functions."))
            .rejects("add: the shapes of f32[3] and f32[4] differ", g -> new Map(Functions.ADD, List.of(Ops.fill(g, 0, Dim.of(3)), Ops.fill(g, 0, Dim.of(4)))))
            .rejects("exp takes 1 operands, not 0", _ -> new Map(Functions.EXP, List.of()));

    public Map {
        operands = List.copyOf(operands);
        fn.result(operands.stream().map(v -> v.type().dtype()).toList());
        for (var v : operands)
            Fit.require(v.type().shape().equals(operands.getFirst().type().shape()), "%s: the shapes of %s and %s differ", fn, operands.getFirst().type(), v.type());
    }

    private static Spec samples(Spec spec) {
        for (Fn fn : Functions.ALL) spec = spec.sample(fn.name(), (_, d) -> sample(fn, d));
        return spec;
    }

    private static Map sample(Fn fn, Draw d) {
        Dim rows = d.dim();
        Dim columns = d.dim();
        return new Map(fn, IntStream.range(0, fn.arity())
                .mapToObj(i -> fn.equals(Functions.SELECT) && i == 0 ? d.truth(rows, columns) : d.real(fn.domain().get(i).low(), fn.domain().get(i).high(), rows, columns))
                .toList());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return new TensorType(fn.result(operands.stream().map(v -> v.type().dtype()).toList()), operands.getFirst().type().shape());
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Map(fn, operands);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return IntStream.range(0, operands.size())
                .mapToObj(i -> operands.get(i).type().dtype() == DType.f32 ? fn.cotangent(i).map(f -> f.build(new InGraph(g, operands, y, dy))).orElse(null) : null)
                .toList();
    }

    /// `Σ ∂fn/∂xᵢ · dxᵢ`.
    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return IntStream.range(0, operands.size())
                .filter(i -> dx.get(i) != null && fn.derivative(i).isPresent())
                .mapToObj(i -> fn.cotangent(i).orElseThrow().build(new InGraph(g, operands, y, dx.get(i))))
                .reduce((a, b) -> Ops.add(g, a, b)).orElse(null);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var of = operands.stream().map(Array::data).toArray(double[][]::new);
        var y = new double[of[0].length];
        var x = new double[of.length];
        for (int flat = 0; flat < y.length; flat++) {
            for (int i = 0; i < x.length; i++) x[i] = of[i][flat];
            y[flat] = fn.apply(x);
        }
        return new Array(operands.getFirst().shape(), y);
    }

    @Override
    public String print(List<String> operands) {
        return fn.name() + "(" + String.join(", ", operands) + ")";
    }

    /// Writes a formula of the function's derivative into a graph.
    private record InGraph(Graph g, List<Value> operands, Value y, Value dy) implements Formula.Builder<Value> {
        @Override
        public Value operand(int index) {
            return operands.get(index);
        }

        @Override
        public Value result() {
            return y;
        }

        @Override
        public Value cotangent() {
            return dy;
        }

        @Override
        public Value literal(double value) {
            return Ops.fill(g, value, y.type().shape());
        }

        @Override
        public Value apply(Fn fn, List<Value> arguments) {
            return Ops.map(g, fn, arguments);
        }
    }
}
