package dev.kiln.testkit.gradient;

import dev.kiln.compiler.autodiff.Declared;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.WithGradient;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/// The first node, in reverse order, whose own derivative is wrong at the failing sample. Of a loop it is the node in its body, at the values of the step that shows it.
///
/// @param origin    where it stands in the `.nn` file
/// @param node      the operator, or the function whose gradient is written by hand
/// @param step      the step of the loop whose body the node is in
/// @param operand   into which the wrong cotangent flows
/// @param worst     the element that is furthest off
/// @param derived   what deriving the function instead gives there; empty for an operator
/// @param diagnosis what the error looks like; empty when it looks like nothing known
public record Blame(Optional<Origin> origin, Value node, OptionalInt step, String operand, Finding worst, OptionalDouble derived, Optional<String> diagnosis) {
    private static final int ELEMENTS = 64;
    private static final int STEPS = 8;

    /// Checks each node that depends on `wrt` on its own, the last first. Empty when every one of them is right.
    public static Optional<Blame> of(Graph graph, World world, Value y, List<Value> wrt, long seed) {
        var live = graph.reachable(List.of(y));
        var values = Interpreter.evaluate(graph, live, world);
        return first(graph, live, wrt, List.of(new Run(OptionalInt.empty(), values)), world, seed);
    }

    /// What the values of a graph are, in one step when it is the body of a loop.
    private record Run(OptionalInt step, Map<Value, Array> values) {}

    private static Optional<Blame> first(Graph graph, List<Value> nodes, Collection<Value> from, List<Run> runs, World world, long seed) {
        var moving = new HashSet<>(from);
        for (Value v : nodes) if (v.op().operands().stream().anyMatch(moving::contains)) moving.add(v);
        for (Value v : nodes.reversed()) {
            if (!moving.contains(v) || v.op().operands().isEmpty() || v.op() instanceof Op.Control || v.type().dtype() != DType.f32) continue;
            for (Run run : runs) {
                var blame = at(graph, v, run, world, seed);
                if (blame.isPresent()) return v.op() instanceof Project(var loop, _) && loop.op() instanceof BodyLoop of ? inside(graph, v, of, moving, run, world, seed).or(() -> blame) : blame;
            }
        }
        return Optional.empty();
    }

    /// The same in the body of a loop; empty when each node there is right, so that it is how the loop adds up.
    private static Optional<Blame> inside(Graph graph, Value result, BodyLoop loop, Set<Value> moving, Run run, World world, long seed) {
        var operands = loop.operands();
        var ports = loop.body().ports();
        var from = IntStream.range(0, ports.size()).filter(i -> i < loop.init().size() || moving.contains(operands.get(i))).mapToObj(ports::get).toList();
        var steps = Steps.of(graph, result, loop, run.values, world);
        int stride = Math.max(1, (steps.size() + STEPS - 1) / STEPS);
        var runs = IntStream.range(0, steps.size()).filter(t -> t % stride == 0).mapToObj(t -> new Run(OptionalInt.of(t), steps.get(t))).toList();
        return first(loop.inside(), loop.inside().values(), from, runs, world, seed);
    }

    private static Optional<Blame> at(Graph graph, Value node, Run run, World world, long seed) {
        var local = Local.of(graph, node, run.values, world, seed);
        var check = new GradientCheck(local.graph(), local.world(), seed);
        for (Value operand : local.operands()) {
            if (check.ofPullback(local.node(), local.dy(), List.of(operand)).stream().noneMatch(Finding::failed)) continue;
            var elements = check.byElement(local.node(), local.dy(), operand, ELEMENTS);
            var worst = elements.stream().filter(Finding::failed).max(Comparator.comparingDouble(Blame::error));
            if (worst.isEmpty()) continue;
            var shown = Diagnosis.of(local, operand, elements);
            return Optional.of(new Blame(graph.origin(node), node, run.step, local.name(operand), worst.get(), derived(local, operand, worst.get()), shown));
        }
        return Optional.empty();
    }

    private static double error(Finding f) {
        return f.differences() instanceof Slope.Smooth(double value, _) ? Math.abs(f.reverse() - value) : 0;
    }

    private static OptionalDouble derived(Local local, Value operand, Finding worst) {
        if (!(local.node().op() instanceof WithGradient)) return OptionalDouble.empty();
        var plain = Declared.dropped(local.graph(), List.of(local.node())).get(local.node());
        var flows = Differentiate.pullback(local.graph(), plain, local.dy(), List.of(operand)).getFirst();
        var array = Interpreter.evaluate(local.graph(), List.of(flows), local.world()).get(flows);
        int[] at = worst.at().stream().mapToInt(i -> i).toArray();
        return OptionalDouble.of(array.shape().length == 0 ? array.get() : array.get(at));
    }

    /// The same with what a sample of more elements showed.
    Blame diagnosed(Optional<String> better) {
        return new Blame(origin, node, step, operand, worst, derived, better);
    }

    /// The head line: `my.nn:14  gradient(dy) of fn my_sigmoid`.
    public String place() {
        return origin.map(o -> o.file().substring(o.file().lastIndexOf('/') + 1) + ":" + o.line() + "  ").orElse("") + what();
    }

    /// What is wrong, wherever it stands.
    public String what() {
        return (node.op() instanceof WithGradient ? "gradient(…) of fn " : "the gradient of ") + name();
    }

    /// The function or operator whose gradient it is.
    public String name() {
        return switch (node.op()) {
            case WithGradient w -> w.function();
            case dev.kiln.compiler.op.Map m -> m.fn().name();
            default -> node.op().spec().name();
        };
    }

    @Override
    public String toString() {
        String at = worst.at().getFirst() < 0 ? "" : " at " + Arrays.toString(worst.at().stream().mapToInt(i -> i).toArray());
        var text = new StringBuilder("GRADCHECK FAILED  %s%n".formatted(place()));
        String when = step.isPresent() ? " in step " + step.getAsInt() : "";
        text.append("  d/d%s%s%s:  %s %.9g%s   differences %s%s%n".formatted(operand, at, when, derived.isPresent() ? "declared" : "reverse", worst.reverse(),
                derived.isPresent() ? "   derived %.9g".formatted(derived.getAsDouble()) : "", worst.differences(), worst.forward().isPresent() ? "   forward mode %.9g".formatted(worst.forward().getAsDouble()) : ""));
        if (worst.differences() instanceof Slope.Smooth(double value, _)) text.append("  ratio %.6g%s%n".formatted(worst.reverse() / value, diagnosis.map(d -> ": " + d).orElse("")));
        return text.toString();
    }
}
