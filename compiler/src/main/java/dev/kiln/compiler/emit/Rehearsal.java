package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.schedule.Action;
import dev.kiln.compiler.schedule.Argument;
import dev.kiln.compiler.schedule.IndexExpr;
import dev.kiln.compiler.schedule.Steps;
import dev.kiln.runtime.EntryCode;
import java.lang.constant.ConstantDescs;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// How the warm-up calls a kernel: on zeros, so that it needs no weights, with strides of zero, so that it needs little room, and with short loops: calls make boxes until the JVM's best
/// compiler has compiled the kernel, and it counts calls as well as turns, see [dev.kiln.runtime.EntryCode#rehearse].
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
    /// Floats of a row.
    private static final int ROW = 24 * VECTOR;
    private static final int ROWS = 4;
    /// Rows of a kernel that reduces columns, whose loop runs over them.
    private static final int MANY_ROWS = 16;
    private static final int COLUMNS = 4 * VECTOR;
    /// Floats of a port of a rows kernel: the longest row.
    private static final int PORT = ROW + VECTOR;
    private static final int CHANNELS = 8 * VECTOR;
    private static final int PIXELS = 8;
    private static final int WINDOW = 3;
    /// What a tile with windows sums over, beside k: it turns as often as others in all.
    private static final int WINDOWS = 2;
    /// Elements of c that a call of a tile computes, once for each turn.
    private static final int ELEMENTS = 32 * 12 * 32;
    /// The fewest and the most turns.
    private static final int LEAST = 32;
    private static final int MOST = 96;

    /// One for all calls of a kernel with which it takes the same way.
    static List<Rehearsal> of(Steps steps) {
        var rehearsals = new LinkedHashMap<Way, Rehearsal>();
        for (var step : steps.steps()) step.kernels(call -> rehearsals.merge(Way.of(call), of(call), (one, other) -> other.tail ? other : one));
        return List.copyOf(rehearsals.values());
    }

    /// For each step which of the rehearsals are those of its kernels.
    static List<List<Integer>> places(Steps steps, List<Rehearsal> rehearsals) {
        var numbers = new HashMap<Way, Integer>();
        for (var rehearsal : rehearsals) numbers.put(new Way(rehearsal.key, rehearsal.packed), numbers.size());
        return steps.steps().stream().map(step -> {
            var kernels = new TreeSet<Integer>();
            step.kernels(call -> kernels.add(numbers.get(Way.of(call))));
            return List.copyOf(kernels);
        }).toList();
    }

    /// Calls that one rehearsal stands for.
    private record Way(KernelKey key, boolean packed) {
        static Way of(Action.Kernel call) {
            return new Way(call.key(), call.key() instanceof TileKey && isNumber(call, "aStep", 1) && isNumber(call, "bStep", TileKey.PANEL));
        }
    }

    private static Rehearsal of(Action.Kernel kernel) {
        boolean tail = switch (kernel.key()) {
            case TileKey _, PairKey _, ChannelKey _, SlideKey _ -> false;
            case RowsKey _ -> isRagged(kernel, "n");
            case WindowKey _, TransformKey _ -> isRagged(kernel, "C");
        };
        return new Rehearsal(kernel.key(), Way.of(kernel).packed, tail);
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
            case PairKey pair -> result(pair) + 2 * pair.first().columns();
            case ChannelKey channel -> 2 * channel.columns();
            case SlideKey _ -> 2 * TileKey.PANEL;
            case RowsKey rows -> PORT * (rows.body().ports().size() + 1) + rows.scratch();
            case WindowKey _ -> PORT;
            case TransformKey _ -> PORT * (1 + TransformKey.PRODUCTS * TransformKey.PRODUCTS);
        };
    }

    /// Where c begins: behind all that is read, which stays zero.
    private static int result(TileKey tile) {
        int turns = turns(tile.rows() * tile.columns());
        return Math.max(tile.rows() * tile.aRow().orElse(0) + turns, (turns + 1) * TileKey.PANEL + tile.columns());
    }

    /// The second tile's reads less and its c stands behind that of the first.
    private static int result(PairKey pair) {
        return Math.max((2 * MOST + 2) * TileKey.PANEL + pair.first().columns(), pair.second().rows() * pair.aRow() + MOST);
    }

    /// How often the loop over k turns. With every other call idle the loop of a high block runs 16 times for each time that the method is entered: with fewer C2 spills within it what it should
    /// spill at the entry. Low blocks turn more often: C2 unrolls short loops less, and high blocks not at all.
    private static int turns(int elements) {
        return Math.clamp(ELEMENTS / elements, LEAST, MOST);
    }

    /// What `run` is given.
    /// @param way as in [EntryCode#rehearse]; its last bit is 0 in idle calls
    Expr[] arguments(Expr zeros, Expr way, boolean idle) {
        Map<String, Expr> numbers = new HashMap<>(numbers(idle ? Expr.of(0) : way));
        if (idle) numbers.put(key.idle(), way);
        return key.parameters().stream().map(p -> p.type().equals(ConstantDescs.CD_int) ? numbers.getOrDefault(p.name(), Expr.of(0)) : zeros).toArray(Expr[]::new);
    }

    /// The arguments that are not 0.
    private Map<String, Expr> numbers(Expr odd) {
        int ragged = tail ? TAIL : 0;
        return switch (key) {
            case TileKey tile -> Map.of("K", Expr.of(turns(tile.rows() * tile.columns()) / (tile.windows() ? WINDOWS : 1)).plus(odd), "R", Expr.of(WINDOWS), "Q", Expr.of(1), "cO", Expr.of(result(tile)),
                    "aStep", Expr.of(packed ? 1 : 0), "bStep", Expr.of(packed ? TileKey.PANEL : 0));
            case PairKey pair -> Map.of("K", Expr.of(2 * MOST).plus(odd), "K2", Expr.of(MOST).minus(odd), "cO", Expr.of(result(pair)), "c2O", Expr.of(result(pair) + pair.first().columns()));
            case ChannelKey channel -> Map.of("K", Expr.of(WINDOW).plus(odd), "R", Expr.of(WINDOW), "Q", Expr.of(WINDOW), "cO", Expr.of(channel.columns()));
            case SlideKey _ -> Map.of("blocks", Expr.of(2).plus(odd), "columns", Expr.of(TileKey.PANEL), "cO", Expr.of(TileKey.PANEL));
            case RowsKey rows -> ports(rows, odd);
            case WindowKey _ -> Map.ofEntries(Map.entry("at", odd), Map.entry("H", Expr.of(2)), Map.entry("P", Expr.of(2)), Map.entry("W", Expr.of(PIXELS)), Map.entry("Q", Expr.of(PIXELS)),
                    Map.entry("C", Expr.of(2 * VECTOR + ragged)), Map.entry("kernelH", Expr.of(2)), Map.entry("kernelW", Expr.of(2)), Map.entry("stepH", Expr.of(1)), Map.entry("stepW", Expr.of(1)),
                    Map.entry("dilationH", Expr.of(1)), Map.entry("dilationW", Expr.of(1)));
            case TransformKey transform -> transform(transform, Expr.of(CHANNELS + ragged), odd);
        };
    }

    private Map<String, Expr> ports(RowsKey rows, Expr odd) {
        var numbers = new HashMap<String, Expr>();
        boolean columns = rows.body().hasColumnReduction();
        numbers.put("rows", Expr.of(columns ? MANY_ROWS : ROWS));
        numbers.put("n", Expr.of((columns ? COLUMNS : ROW) + (tail ? HALF_AND_TAIL : 0)));
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
