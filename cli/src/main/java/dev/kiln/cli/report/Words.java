package dev.kiln.cli.report;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.schedule.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How operators and kernels are called in a report.
final class Words {
    /// Most operators of a kernel that are told by name.
    private static final int MOST = 6;

    private Words() {}

    static String of(Value value) {
        return switch (value.op()) {
            case Map map -> map.fn().name();
            case Contract c -> slides(c) ? "convolution" : "product";
            case BodyLoop _ -> "loop";
            default -> value.op().spec().name().replace('_', ' ');
        };
    }

    private static boolean slides(Contract c) {
        return Stream.of(c.ofA(), c.ofB()).flatMap(access -> access.dims().stream()).anyMatch(index -> !index.isAxis() && index.axes().size() > 1);
    }

    /// What a kernel computes.
    static String of(Group group) {
        return switch (group) {
            case Group.Tiled t -> of(t.anchor()) + chain(t.bias(), t.residual(), t.act());
            case Group.Transformed t -> "%d×%d convolution".formatted(t.op().taps(), t.op().taps()) + chain(t.bias(), t.residual(), t.act());
            case Group.Filters _ -> "filters, transformed";
            case Group.Looped l -> "loop over " + l.loop().scan().time();
            case Group.Moved m -> of(m.result()) + ", copied";
            case Group.Windowed w -> of(w.result());
            case Group.Rows r -> list(r.members());
        };
    }

    /// What a step does: what its kernel computes, or what it brings where.
    static String of(Step step) {
        return step.keys().isEmpty() ? step.name().replaceAll(" %\\d+", "") : step.group().map(Words::of).orElse(step.name());
    }

    /// `sub, exp ×2, sum`
    static String list(List<Value> values) {
        java.util.Map<String, Integer> counts = new LinkedHashMap<>();
        values.forEach(v -> counts.merge(of(v), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((word, count) -> words.add(count == 1 ? word : word + " ×" + count));
        return words.size() <= MOST ? String.join(", ", words) : String.join(", ", words.subList(0, MOST)) + " and " + (words.size() - MOST) + " kinds more";
    }

    private static String chain(Optional<Value> bias, Optional<Value> residual, Act act) {
        return bias.map(_ -> " + bias").orElse("") + residual.map(_ -> " + residual").orElse("") + (act instanceof Act.None ? "" : " + " + act);
    }
}
