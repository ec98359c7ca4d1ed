package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.op.Param;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// All entries of a program as groups. Entries share their parameters, so what one entry wants of a parameter's order holds for all: prediction decides first.
public record Grouped(Program program, List<Groups> entries, Map<String, Order> parameters) {
    public static Grouped of(Program program) {
        return of(program, Arithmetic.FAST);
    }

    public static Grouped of(Program program, Arithmetic arithmetic) {
        var parameters = new HashMap<String, Order>();
        for (var entry : program.entries()) {
            var orders = Orders.of(entry, Given.of(parameters, arithmetic));
            for (var v : entry.live()) if (v.op() instanceof Param p) orders.settled(v).ifPresent(o -> parameters.putIfAbsent(p.name(), o));
        }
        var entries = new ArrayList<Groups>();
        for (var entry : program.entries()) entries.add(Grouper.of(entry, Given.of(parameters, arithmetic)));
        return new Grouped(program, entries, Map.copyOf(parameters));
    }

    public void verify() {
        entries.forEach(Groups::verify);
    }

    public String dump() {
        return entries.stream().map(Groups::dump).collect(Collectors.joining("\n"));
    }
}
