package dev.kiln.compiler.schedule;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.layout.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The strip of time that a product of a loop makes beside itself where it has one row. Each of its tasks makes a tile of the next strip too, in one kernel if both tiles can be read by one.
/// @param next the calls of that strip
/// @param loop the strip
record Beside(Tiles next, StripLoop loop) {
    private static final int HEIGHT = 8;
    private static final int WIDTH = 16;
    private static final int CHUNK = 128;
    /// Where a tile has these among its arguments: behind K and five arrays stands the first stride.
    private static final int STRIDE_OF_A = 6;
    private static final int STEP_OF_A = 7;
    private static final int STEP_OF_B = 8;
    private static final int PANEL = 9;
    private static final int STRIDE_OF_C = 10;
    /// Where the terms stand among the factors of a contraction's work.
    private static final int TERMS = 2;

    /// The step of a product that has a strip beside it.
    Step of(Step step) {
        var work = new ArrayList<>(step.work());
        work.set(TERMS, work.get(TERMS).plus(loop.share(next.k().extent())));
        return step.with(beside(step.body())).working(work);
    }

    private List<Action> beside(List<Action> body) {
        if (body.stream().noneMatch(Action.Choose.class::isInstance)) throw new IllegalStateException(next.name() + " is made beside a product of rows of one height");
        return body.stream().map(action -> action instanceof Action.Choose(IndexExpr.Height height, var cases) ? new Action.Choose(height, oneRow(cases)) : action).toList();
    }

    private TreeMap<Integer, List<Action>> oneRow(Map<Integer, List<Action>> cases) {
        var with = new ArrayList<>(loop.lets());
        for (int i = 0; i < next.outer().size(); i++) with.add(new Action.Let("o" + i, IndexExpr.number(0)));
        var number = loop.iteration().times(next.chunks()).plus(next.chunk());
        var tile = next.tile(HEIGHT, WIDTH, number.times(IndexExpr.number(WIDTH)));
        var alone = cases.get(1);
        if (alone.size() == 1 && alone.getFirst() instanceof Action.Kernel product && tile instanceof Action.Kernel other && isOneKernel(product, other)) with.add(pair(product, other));
        else {
            with.addAll(alone);
            with.add(tile);
        }
        var both = new TreeMap<Integer, List<Action>>();
        both.put(0, alone);
        both.put(1, with);
        var all = new TreeMap<>(cases);
        all.put(1, List.of(new Action.Choose(loop.isThere(), both)));
        return all;
    }

    /// Whether both lie as a pair of tiles reads them.
    private static boolean isOneKernel(Action.Kernel product, Action.Kernel tile) {
        return product.key() instanceof TileKey first && first.columns() == CHUNK && !first.windows() && isPacked(product)
                && tile.key() instanceof TileKey(_, _, boolean windows, _, Start start, Act.None _) && !windows && start == Start.ZERO && isPacked(tile)
                && tile.arguments().get(STRIDE_OF_A) instanceof Argument.Int(IndexExpr.Constant _);
    }

    private static boolean isPacked(Action.Kernel tile) {
        return tile.arguments().get(STEP_OF_A).equals(Argument.of(1)) && tile.arguments().get(STEP_OF_B).equals(Argument.of(Storage.PANEL));
    }

    private static Action pair(Action.Kernel product, Action.Kernel tile) {
        var first = (TileKey) product.key();
        int aRow = ((IndexExpr.Constant) ((Argument.Int) tile.arguments().get(STRIDE_OF_A)).value()).value();
        var arguments = new ArrayList<>(product.arguments().subList(0, STRIDE_OF_A));
        arguments.add(product.arguments().get(PANEL));
        arguments.addAll(tile.arguments().subList(0, STRIDE_OF_A - 2));
        arguments.add(tile.arguments().get(STRIDE_OF_C));
        return new Action.Kernel(new PairKey(first.start(), first.act(), aRow), arguments);
    }
}
