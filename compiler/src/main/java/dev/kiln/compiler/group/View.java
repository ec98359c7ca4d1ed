package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// A value read through movements that cost nothing: each dim of `base` as a multiple of one of the reader's dims plus an offset.
/// @param shape the reader's
public record View(Value base, List<Dim> shape, List<Term> dims) {
    /// `coefficient · (the reader's dim number axis) + offset`; axis -1 where the index does not depend on the reader.
    public record Term(int axis, int coefficient, int offset) {
        static final Term FIRST = new Term(-1, 0, 0);

        Term sliced(int start, int stride) {
            return new Term(axis, coefficient * stride, offset * stride + start);
        }
    }

    public View {
        shape = List.copyOf(shape);
        dims = List.copyOf(dims);
    }

    /// `value` as its own dims read it, followed down to what must lie in memory.
    public static View of(Value value) {
        var view = new View(value, value.type().shape(), IntStream.range(0, value.type().shape().size()).mapToObj(i -> new Term(i, 1, 0)).toList());
        for (var next = view.step(); ; next = view.step()) {
            if (next.isEmpty()) return view;
            view = next.get();
        }
    }

    /// What an operator reads.
    static List<View> ofOperands(Value reader) {
        return reader.op().operands().stream().map(View::of).toList();
    }

    private Optional<View> step() {
        return switch (base.op()) {
            case StopGradient(var x) -> Optional.of(new View(x, shape, dims));
            case Permute(var x, var order) -> {
                var at = new Term[order.size()];
                for (int i = 0; i < at.length; i++) at[order.get(i)] = dims.get(i);
                yield Optional.of(new View(x, shape, List.of(at)));
            }
            case Broadcast(var x, _, var axes) -> {
                var at = new ArrayList<Term>();
                for (int i = 0; i < axes.size(); i++) at.add(x.type().shape().get(i).is(1) ? Term.FIRST : dims.get(axes.get(i)));
                yield Optional.of(new View(x, shape, at));
            }
            case Slice slice -> {
                var at = new ArrayList<Term>();
                for (int i = 0; i < dims.size(); i++) {
                    var start = slice.start().get(i).constant();
                    if (start.isEmpty()) yield Optional.empty();
                    at.add(dims.get(i).sliced(Math.toIntExact(start.getAsLong()), slice.stride().get(i)));
                }
                yield Optional.of(new View(slice.x(), shape, at));
            }
            case Reshape(var x, _) -> onlyOnes(x.type(), base.type()).map(from -> new View(x, shape, from.stream().map(i -> i < 0 ? Term.FIRST : dims.get(i)).toList()));
            default -> Optional.empty();
        };
    }

    /// For a reshape that adds and removes axes of size one only: the result's dim for each dim of the operand, -1 for a one.
    static Optional<List<Integer>> onlyOnes(TensorType from, TensorType to) {
        var result = new ArrayList<Integer>();
        int next = 0;
        for (Dim d : from.shape()) {
            if (d.is(1)) {
                result.add(-1);
                continue;
            }
            while (next < to.shape().size() && to.shape().get(next).is(1)) next++;
            if (next == to.shape().size() || !to.shape().get(next).equals(d)) return Optional.empty();
            result.add(next++);
        }
        while (next < to.shape().size()) if (!to.shape().get(next++).is(1)) return Optional.empty();
        return Optional.of(result);
    }

    public int rank() {
        return shape.size();
    }

    /// True when the reader is the base under another name: nothing moves, and nothing is left out.
    public boolean isIdentity() {
        for (int i = 0; i < dims.size(); i++) if (!dims.get(i).equals(new Term(i, 1, 0))) return false;
        return shape.equals(base.type().shape());
    }

    /// True when the reader has all of the base, its dims in any order.
    public boolean isPermutation() {
        boolean whole = IntStream.range(0, dims.size()).allMatch(i -> dims.get(i).axis() >= 0 && dims.get(i).coefficient() == 1 && dims.get(i).offset() == 0 && shape.get(dims.get(i).axis()).equals(base.type().shape().get(i)));
        return whole && rank() == dims.size() && dims.stream().map(Term::axis).distinct().count() == rank();
    }

    /// True when each dim of the base is one dim of the reader, or does not matter since its size is one.
    public boolean isPlain() {
        return isPlainPart() && IntStream.range(0, dims.size()).allMatch(i -> dims.get(i).axis() < 0 || shape.get(dims.get(i).axis()).equals(base.type().shape().get(i)));
    }

    /// The same where the reader may end before the base: what begins at zero moves nothing either.
    boolean isPlainPart() {
        for (int i = 0; i < dims.size(); i++) {
            Term t = dims.get(i);
            boolean first = t.equals(Term.FIRST) && base.type().shape().get(i).is(1);
            if (!first && (t.axis() < 0 || t.coefficient() != 1 || t.offset() != 0)) return false;
        }
        return true;
    }
}
