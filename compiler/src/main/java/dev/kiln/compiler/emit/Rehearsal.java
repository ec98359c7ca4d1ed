package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.schedule.Action;
import dev.kiln.compiler.schedule.Argument;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Steps;
import dev.kiln.runtime.EntryCode;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/// How the warm-up calls a kernel: on zeros, so that it needs no weights, with strides of zero, so that it needs little room, and with loops of a few trips. Short loops
/// matter: the JVM's best compiler counts calls and turns of loops, and must see enough calls before it has seen enough turns to compile for the one call that runs.
///
/// Both sides of each branch that a step may take are taken, else the JVM would compile one of them as impossible.
/// @param packed whether a tile's b is packed, see [TileEmitter]
/// @param tail   whether rows or channels may be no multiple of the vectors
record Rehearsal(KernelKey key, boolean packed, boolean tail) {
    /// Single elements.
    private static final int TAIL = 3;
    /// Half a vector and single elements.
    private static final int HALF_AND_TAIL = 11;
    /// Elements of the widest vector.
    private static final int VECTOR = 16;
    /// Floats of a port of a rows kernel: the longest row.
    private static final int PORT = EntryCode.TRIPS * VECTOR + VECTOR;
    private static final int PIXELS = 8;

    /// One for all calls of a kernel with which it takes the same way.
    static List<Rehearsal> of(Steps steps) {
        var rehearsals = new ArrayList<Rehearsal>();
        for (var step : steps.steps())
            step.kernels(call -> {
                var rehearsal = of(call);
                int at = find(rehearsals, rehearsal);
                if (at < 0) rehearsals.add(rehearsal);
                else if (rehearsal.tail) rehearsals.set(at, rehearsal);
            });
        return rehearsals;
    }

    /// Two numbers for each kernel of each step: the step, and which of the rehearsals is the kernel's.
    static List<Integer> places(Steps steps, List<Rehearsal> rehearsals) {
        var places = new LinkedHashSet<List<Integer>>();
        for (int s = 0; s < steps.steps().size(); s++) {
            int step = s;
            steps.steps().get(s).kernels(call -> places.add(List.of(step, find(rehearsals, of(call)))));
        }
        return places.stream().flatMap(List::stream).toList();
    }

    private static int find(List<Rehearsal> rehearsals, Rehearsal like) {
        for (int i = 0; i < rehearsals.size(); i++) if (rehearsals.get(i).key.equals(like.key) && rehearsals.get(i).packed == like.packed) return i;
        return -1;
    }

    private static Rehearsal of(Action.Kernel kernel) {
        return switch (kernel.key()) {
            case TileKey tile -> new Rehearsal(tile, isNumber(kernel, "aStep", 1) && isNumber(kernel, "bStep", TileKey.PANEL), false);
            case ChannelKey channel -> new Rehearsal(channel, false, false);
            case RowsKey rows -> new Rehearsal(rows, false, isRagged(kernel, "n"));
            case WindowKey window -> new Rehearsal(window, false, isRagged(kernel, "C"));
            case TransformKey transform -> new Rehearsal(transform, false, isRagged(kernel, "C"));
        };
    }

    private static boolean isNumber(Action.Kernel kernel, String parameter, int value) {
        return argument(kernel, parameter) instanceof IndexExpr.Constant(int number) && number == value;
    }

    private static boolean isRagged(Action.Kernel kernel, String parameter) {
        return !(argument(kernel, parameter) instanceof IndexExpr.Constant(int number) && number % VECTOR == 0);
    }

    private static IndexExpr argument(Action.Kernel kernel, String parameter) {
        int at = 0;
        for (var argument : kernel.arguments()) {
            if (kernel.key().parameters().get(at).name().equals(parameter) && argument instanceof Argument.Int(var value)) return value;
            at += argument instanceof Argument.Place || argument instanceof Argument.Scratch ? 2 : 1;
        }
        throw new IllegalArgumentException(kernel.key() + " is not given " + parameter);
    }

    /// Floats that the call may touch.
    int floats() {
        return switch (key) {
            case TileKey tile -> result(tile) + tile.columns();
            case ChannelKey channel -> 2 * channel.columns();
            case RowsKey rows -> PORT * (rows.body().ports().size() + 1) + rows.scratch();
            case WindowKey _ -> PORT;
            case TransformKey _ -> PORT * (1 + TransformKey.PRODUCTS * TransformKey.PRODUCTS);
        };
    }

    /// Where c begins: behind all that is read, which stays zero.
    private static int result(TileKey tile) {
        return Math.max(tile.rows() * tile.aRow().orElse(0) + EntryCode.TRIPS, (EntryCode.TRIPS + 1) * TileKey.PANEL + tile.columns());
    }

    /// How often the kernel is called. What has most of its work outside of loops, and a lot of it, is called more often instead of turning its loops.
    Expr calls(Expr trips) {
        return key instanceof TransformKey ? trips.over(Expr.of(2)).plus(1) : Expr.of(1);
    }

    /// What `run` is given.
    Expr[] arguments(Expr zeros, Expr trips) {
        Map<String, Expr> numbers = numbers(trips);
        return key.parameters().stream().map(p -> p.type().equals(ConstantDescs.CD_int) ? numbers.getOrDefault(p.name(), Expr.of(0)) : zeros).toArray(Expr[]::new);
    }

    /// The arguments that are not 0.
    private Map<String, Expr> numbers(Expr trips) {
        Expr odd = trips.and(Expr.of(1));
        Expr ragged = Expr.of(tail ? TAIL : 0);
        return switch (key) {
            case TileKey tile -> Map.of("K", trips, "R", Expr.of(2), "Q", Expr.of(1), "cO", Expr.of(result(tile)), "aStep", Expr.of(packed ? 1 : 0), "bStep", Expr.of(packed ? TileKey.PANEL : 0));
            case ChannelKey channel -> channel.taps().isPresent() ? Map.of("R", trips, "Q", Expr.of(2), "cO", Expr.of(channel.columns())) : Map.of("K", trips, "R", Expr.of(2), "Q", Expr.of(1), "cO", Expr.of(channel.columns()));
            case RowsKey rows -> ports(rows, trips, odd, Expr.of(tail ? HALF_AND_TAIL : 0));
            case WindowKey _ -> Map.ofEntries(Map.entry("at", odd), Map.entry("H", Expr.of(2)), Map.entry("P", Expr.of(2)), Map.entry("W", trips), Map.entry("Q", trips), Map.entry("C", ragged.plus(VECTOR)),
                    Map.entry("kernelH", Expr.of(2)), Map.entry("kernelW", Expr.of(2)), Map.entry("stepH", Expr.of(1)), Map.entry("stepW", Expr.of(1)), Map.entry("dilationH", Expr.of(1)), Map.entry("dilationW", Expr.of(1)));
            case TransformKey transform -> transform(transform, trips.plus(VECTOR - 1).and(Expr.of(-VECTOR)).plus(ragged), odd);
        };
    }

    private static Map<String, Expr> ports(RowsKey rows, Expr trips, Expr odd, Expr ragged) {
        var numbers = new HashMap<String, Expr>();
        boolean columns = rows.body().hasColumnReduction();
        numbers.put("rows", columns ? trips : Expr.of(2));
        numbers.put("n", (columns ? Expr.of(4 * VECTOR) : trips.times(VECTOR)).plus(ragged));
        numbers.put("start", odd);
        for (int p = 0; p < rows.body().ports().size(); p++) numbers.put("p" + p + "O", Expr.of(PORT * p));
        numbers.put("scratchO", Expr.of(PORT * rows.body().ports().size()));
        return numbers;
    }

    /// Every other tile stands out of the image.
    private static Map<String, Expr> transform(TransformKey key, Expr channels, Expr odd) {
        return switch (key.kind()) {
            case FILTER -> Map.of("C", channels, "uO", Expr.of(PORT));
            case INPUT -> Map.of("C", channels, "H", Expr.of(PIXELS), "W", Expr.of(PIXELS), "top", odd.negate(), "vO", Expr.of(PORT));
            case OUTPUT -> Map.of("C", channels, "rows", Expr.of(key.results()), "columns", Expr.of(key.results()), "yO", Expr.of(PORT));
        };
    }
}
