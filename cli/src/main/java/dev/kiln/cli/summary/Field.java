package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// How much of the network's input one element of a value sees, along the axes behind batch and channels.
/// A window of k taps at stride s and dilation d widens the field by `(k - 1) * d * jump`, and the jump between neighbours grows by s.
/// @param sizes elements of the input, an axis each
/// @param jumps the distance in the input of neighbouring elements
public record Field(List<Integer> sizes, List<Integer> jumps) {
    private static final int FIRST_SPATIAL = 2;

    /// Fields of all values of a graph that still have axes of space; what mixes all positions has none.
    static Map<Value, Field> of(List<Value> values) {
        Map<Value, Field> fields = new HashMap<>();
        for (Value value : values) {
            field(value, fields).filter(f -> f.sizes.size() == value.type().rank() - FIRST_SPATIAL).ifPresent(f -> fields.put(value, f));
        }
        return fields;
    }

    private static Optional<Field> field(Value value, Map<Value, Field> fields) {
        return switch (value.op()) {
            case Input _ when value.type().rank() > FIRST_SPATIAL -> Optional.of(point(value.type().rank() - FIRST_SPATIAL));
            case WindowMax(var x, var slides) -> Optional.ofNullable(fields.get(x)).map(field -> field.slide(slides));
            case Contract c -> Optional.ofNullable(fields.get(c.a())).flatMap(field -> field.contract(c));
            default -> value.op().operands().stream().map(fields::get).filter(f -> f != null).reduce(Field::widest);
        };
    }

    private static Field point(int axes) {
        return new Field(Collections.nCopies(axes, 1), Collections.nCopies(axes, 1));
    }

    private Field slide(List<Slide> slides) {
        Field field = this;
        for (Slide slide : slides) {
            if (slide.axis() >= FIRST_SPATIAL) {
                field = field.window(slide.axis() - FIRST_SPATIAL, slide.kernel(), slide.stride(), slide.dilation());
            }
        }
        return field;
    }

    /// A contraction whose read of the image is, along each axis of space, an output axis and at most one axis of taps.
    private Optional<Field> contract(Contract c) {
        Field field = this;
        List<Affine> reads = c.ofA().dims();
        for (int axis = FIRST_SPATIAL; axis < reads.size(); axis++) {
            int stride = 0;
            int taps = 1;
            int dilation = 1;
            for (int a : reads.get(axis).axes()) {
                if (c.out().contains(a)) {
                    stride = reads.get(axis).coefficient(a);
                } else if (c.axes().get(a).extent().isConstant()) {
                    taps = c.axes().get(a).extent().toInt();
                    dilation = Math.abs(reads.get(axis).coefficient(a));
                }
            }
            if (stride == 0) {
                return Optional.empty();
            }
            field = field.window(axis - FIRST_SPATIAL, taps, stride, dilation);
        }
        return Optional.of(field);
    }

    private Field window(int axis, int taps, int stride, int dilation) {
        List<Integer> wider = new ArrayList<>(sizes);
        List<Integer> further = new ArrayList<>(jumps);
        wider.set(axis, sizes.get(axis) + (taps - 1) * dilation * jumps.get(axis));
        further.set(axis, jumps.get(axis) * stride);
        return new Field(wider, further);
    }

    private static Field widest(Field a, Field b) {
        return b.sizes.stream().mapToInt(i -> i).sum() > a.sizes.stream().mapToInt(i -> i).sum() ? b : a;
    }

    /// `5×5`
    @Override
    public String toString() {
        return sizes.stream().map(String::valueOf).collect(Collectors.joining("×"));
    }
}
