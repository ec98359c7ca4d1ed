package dev.kiln.cli.report;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Strips;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The symbolic dims of a network with their sizes, and what follows from them.
public record Sizes(Map<String, Long> dims) {
    /// The dims that an entry knows.
    /// @param bound those of them that are given; the others are 1
    /// @throws UserError when the network does not work on these
    public static Sizes of(Program program, List<String> names, Map<String, Long> bound) {
        Map<String, Long> dims = new LinkedHashMap<>();
        names.forEach(name -> dims.put(name, bound.getOrDefault(name, 1L)));
        Sizes sizes = new Sizes(dims);
        for (DoorCheck check : program.checks()) {
            if (dims.keySet().containsAll(check.left().variables()) && dims.keySet().containsAll(check.right().variables()) && !sizes.holds(check)) {
                throw UserError.usage("%s does not work on %s: %s; see --bind", program.name(), sizes, check.message());
            }
        }
        return sizes;
    }

    private boolean holds(DoorCheck check) {
        return switch (check.relation()) {
            case EQUAL -> of(check.left()) == of(check.right());
            case AT_LEAST -> of(check.left()) >= of(check.right());
        };
    }

    long of(Dim dim) {
        return dim.evaluate(dims::get);
    }

    /// A number that does not depend on the loops of a driver.
    long of(IndexExpr e) {
        return switch (e) {
            case IndexExpr.Constant(int value) -> value;
            case IndexExpr.Size(Dim dim) -> of(dim);
            case IndexExpr.Height(Dim rows, boolean crowded) -> crowded ? Strips.crowded(Math.toIntExact(of(rows))) : Strips.height(Math.toIntExact(of(rows)));
            case IndexExpr.Binary(var operator, var a, var b) -> operator.apply(Math.toIntExact(of(a)), Math.toIntExact(of(b)));
            case IndexExpr.Variable(String name) -> throw new IllegalArgumentException("a number that depends on the loop over " + name);
            case IndexExpr.Offset(var buffer) -> throw new IllegalArgumentException("where " + buffer + " lies is not known yet");
        };
    }

    /// `N = 32, T = 7`
    @Override
    public String toString() {
        return dims.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).collect(Collectors.joining(", "));
    }
}
