package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.schedule.Argument.Scratch;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Room in the worker's scratch for some lines of a value, each as it would lie in the arena.
/// @param whole where all of it would lie
/// @param dim   whose places are the lines
/// @param lines for which there is room
/// @param first float of the scratch
record StripRoom(Value value, Storage whole, int dim, int lines, int first) {
    /// Behind what every worker has, where buffers of the arena begin, too: 12 modulo 16.
    static final int FIRST = Frame.SCRATCH + 12;
    private static final int UNIT = 16;

    private Buffer buffer() {
        return Buffer.arena("lines of v" + value.id(), Dim.of((long) lines * length()));
    }

    private int length() {
        return whole.strides().get(dim).toInt();
    }

    /// The first float behind it.
    int end() {
        return first + (lines * length() + UNIT - 1) / UNIT * UNIT;
    }

    private boolean isInside(int d) {
        return whole.order().indexOf(d) > whole.order().indexOf(dim);
    }

    /// The value as it would lie if line 0 stood in this place of the room.
    Storage at(int place) {
        return whole.in(buffer()).at(inside().plus(Dim.of((long) place * length())));
    }

    /// The first element of a line.
    private Dim inside() {
        return IntStream.range(0, whole.halo().size()).filter(this::isInside).mapToObj(d -> whole.strides().get(d).times(whole.halo().get(d).low())).reduce(Dim.ZERO, Dim::plus);
    }

    /// Puts zeros around every line.
    List<Action> borders() {
        var halo = IntStream.range(0, whole.halo().size()).mapToObj(d -> isInside(d) ? whole.halo().get(d) : Halo.NONE).toList();
        var lying = new Storage(buffer(), inside(), whole.strides(), whole.order(), -1, Dim.ZERO, halo);
        return Borders.all(shape(), lying);
    }

    private List<Dim> shape() {
        return IntStream.range(0, whole.halo().size()).mapToObj(d -> d == dim ? Dim.of(lines) : isInside(d) ? value.type().dim(d) : Dim.ONE).toList();
    }

    /// Moves so many lines from one place to another.
    Action move(int to, int from, IndexExpr count) {
        return new Action.Move("copy", List.of(place(IndexExpr.number(to)), Argument.of(length()), Argument.of(1), place(IndexExpr.number(from)), Argument.of(length()), Argument.of(1), Argument.of(count), Argument.of(length())));
    }

    /// Puts zeros in place of so many lines.
    Action zeros(IndexExpr from, IndexExpr count) {
        return new Action.Move("fill", List.of(place(from), Argument.of(length()), Argument.of(1), Argument.of(count), Argument.of(length()), new Argument.Real(0)));
    }

    private Place place(IndexExpr line) {
        return new Place(buffer(), line.times(IndexExpr.number(length())));
    }

    /// The same actions with these rooms in the scratch.
    static List<Action> inScratch(List<Action> body, List<StripRoom> rooms) {
        int floats = rooms.getLast().end();
        var firsts = rooms.stream().collect(Collectors.toMap(StripRoom::buffer, StripRoom::first));
        return inScratch(body, a -> a instanceof Place(var buffer, var offset) && firsts.containsKey(buffer) ? new Scratch(IndexExpr.number(firsts.get(buffer)).plus(offset), floats) : a);
    }

    private static List<Action> inScratch(List<Action> body, UnaryOperator<Argument> moved) {
        var result = new ArrayList<Action>();
        for (var action : body)
            result.add(switch (action) {
                case Action.Loop(var variable, var count, var inner) -> new Action.Loop(variable, count, inScratch(inner, moved));
                case Action.Choose(var value, var cases) -> {
                    var all = new TreeMap<Integer, List<Action>>();
                    cases.forEach((n, actions) -> all.put(n, inScratch(actions, moved)));
                    yield new Action.Choose(value, all);
                }
                case Action.Kernel(var key, var arguments) -> new Action.Kernel(key, arguments.stream().map(moved).toList());
                case Action.Move(var method, var arguments) -> new Action.Move(method, arguments.stream().map(moved).toList());
                case Action.Let _ -> action;
            });
        return result;
    }
}
