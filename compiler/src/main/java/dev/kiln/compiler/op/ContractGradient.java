package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// The gradient of a contraction by one operand is a contraction again, of the cotangent and the other operand.
///
/// The axes of the result are the dims of the operand. A dim read by one axis alone keeps that axis. A dim read by an expression gets a new axis i, and the expression
/// is solved for one of its axes: `i = s*o + d*u - p` gives `o = (i + p - d*u) / s`, exact, which takes the place of o everywhere. Some access must read o as it is
/// over its whole extent, so that zeros outside and between keep the sum right; for an axis of the result that is the cotangent. Where there is no such axis the cotangent
/// is repeated along it first; where the expression has no free axis at all (a constant, a diagonal) it gets one of extent 1.
final class ContractGradient {
    private final Graph g;
    private final Value other;
    private final List<Axis> axes;
    private final List<Affine> ofOperand;
    private final List<Affine> ofOther;
    private final List<Affine> ofCotangent = new ArrayList<>();
    private final List<Integer> gone = new ArrayList<>();
    private Value cotangent;

    private ContractGradient(Graph g, Contract contract, boolean first, Value cotangent) {
        this.g = g;
        this.cotangent = cotangent;
        other = first ? contract.b() : contract.a();
        axes = new ArrayList<>(contract.axes());
        ofOperand = new ArrayList<>((first ? contract.ofA() : contract.ofB()).dims());
        ofOther = new ArrayList<>((first ? contract.ofB() : contract.ofA()).dims());
        for (int axis : contract.out()) ofCotangent.add(Affine.axis(axis));
    }

    static Value ofA(Graph g, Contract c, Value dy) {
        return new ContractGradient(g, c, true, dy).solve(c.a().type().shape(), true);
    }

    static Value ofB(Graph g, Contract c, Value dy) {
        return new ContractGradient(g, c, false, dy).solve(c.b().type().shape(), false);
    }

    private Value solve(List<Dim> shape, boolean first) {
        var result = new ArrayList<>(Collections.nCopies(shape.size(), -1));
        for (int d = 0; d < shape.size(); d++) {
            var index = ofOperand.get(d);
            if (index.isAxis() && axes.get(index.axes().getFirst()).extent().equals(shape.get(d)) && !result.contains(index.axes().getFirst())) result.set(d, index.axes().getFirst());
        }
        for (int d = 0; d < shape.size(); d++) if (result.get(d) < 0) result.set(d, replace(d, shape.get(d), result));
        return build(result, first);
    }

    /// Gives dim `d` an axis of its own and solves its index for one of the axes it was read by.
    private int replace(int d, Dim extent, List<Integer> taken) {
        int solved = choose(d, taken);
        int fresh = axes.size();
        axes.add(new Axis(axes.get(solved).name() + "'", extent));
        var value = ofOperand.get(d).solve(solved, fresh);
        for (var access : List.of(ofOperand, ofOther, ofCotangent)) access.replaceAll(index -> index.substitute(solved, value));
        gone.add(solved);
        return fresh;
    }

    private int choose(int d, List<Integer> taken) {
        var index = ofOperand.get(d);
        var free = index.axes().stream().filter(axis -> !taken.contains(axis)).sorted((p, q) -> Integer.compare(Math.abs(index.coefficient(p)), Math.abs(index.coefficient(q)))).toList();
        for (int axis : free) if (readsWhole(ofCotangent, cotangent, axis)) return axis;
        for (int axis : free) if (readsWhole(ofOther, other, axis)) return axis;
        int axis = free.isEmpty() ? axes.size() : free.getFirst();
        if (free.isEmpty()) {
            axes.add(new Axis("one" + axis, Dim.ONE));
            ofOperand.set(d, index.plus(axis, index.divisor()));
        }
        var shape = new ArrayList<>(cotangent.type().shape());
        shape.add(axes.get(axis).extent());
        cotangent = Ops.broadcast(g, cotangent, shape, IntStream.range(0, shape.size() - 1).boxed().toList());
        ofCotangent.add(Affine.axis(axis));
        return axis;
    }

    private boolean readsWhole(List<Affine> access, Value value, int axis) {
        return IntStream.range(0, access.size()).anyMatch(d -> access.get(d).equals(Affine.axis(axis)) && value.type().dim(d).equals(axes.get(axis).extent()));
    }

    /// An axis of the result that nobody reads is repeated afterwards.
    private Value build(List<Integer> result, boolean first) {
        var kept = IntStream.range(0, axes.size()).filter(axis -> !gone.contains(axis) && (reads(ofOther, axis) || reads(ofCotangent, axis))).boxed().toList();
        var read = result.stream().filter(kept::contains).toList();
        var names = kept.stream().map(axes::get).toList();
        var accessOther = new Access(ofOther.stream().map(index -> index.renumber(kept::indexOf)).toList());
        var accessCotangent = new Access(ofCotangent.stream().map(index -> index.renumber(kept::indexOf)).toList());
        var out = read.stream().map(kept::indexOf).toList();
        var sum = g.add(first ? new Contract(cotangent, other, names, accessCotangent, accessOther, out) : new Contract(other, cotangent, names, accessOther, accessCotangent, out));
        return Ops.broadcast(g, sum, result.stream().map(axis -> axes.get(axis).extent()).toList(), IntStream.range(0, result.size()).filter(d -> kept.contains(result.get(d))).boxed().toList());
    }

    private static boolean reads(List<Affine> access, int axis) {
        return access.stream().anyMatch(index -> index.coefficient(axis) != 0);
    }
}
