package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.ChannelKey.Taps;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.schedule.TileScheduler.Run;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Strips;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The calls of one contraction. Rows are cut into strips: of two heights that fit exactly where their number is known, or that of the parts they consist of ([RowCut]); else of one height
/// chosen by the binding, the last strip moved up to end with the last row. Columns are cut into chunks of 128, each done by tiles as wide as the strip's height allows.
record Tiles(String name, Optional<Origin> origin, Start start, Act act, Storage a, Storage b, Storage c, Optional<Storage> bias, Optional<Storage> residual,
             Run row, Run column, Run k, Run r, Run q, List<Run> outer, List<Run> gathered, Dim baseOfA, Dim baseOfB, Optional<StripLoop> strip, Optional<Inside> inside, Offsets offsets) {
    private static final int CHUNK = 128;
    /// Sums in blocks have strips of one height where one from here on divides the rows: half the classes, and not slower.
    private static final int LOWEST_EVEN = 8;
    private static final int BLOCKED_TASKS = 8;
    /// Floats of b that a cache of the second level keeps beside what runs through it.
    private static final long NEAR = 1 << 16;
    /// Floats of b that it does not keep at all.
    private static final long FAR = 1 << 18;
    /// Strips that then go through all columns together.
    private static final IndexExpr TOGETHER = IndexExpr.number(16);
    /// Floats after which a place of the first cache comes again.
    private static final int CROWDED = 1 << 10;
    /// Places that a call of a [SlideKey] reads for each vector of columns: vectors that lie across two lines of the cache take 24 KB of the first one so.
    private static final int PLACES = 192;
    private static final IndexExpr ROW = IndexExpr.variable("row");

    /// The calls of the strip behind the one that a loop's iteration reads: for one row of the batch, steps of time are its rows, wherever they lie.
    Beside following() {
        var next = strip.orElseThrow().following();
        var steps = new Run(row.extent(), next.ofA(), Dim.ZERO, next.ofC(), next.ofC());
        return new Beside(new Tiles(name, origin, start, act, a, b, c, bias, residual, steps, column, k, r, q, outer, gathered, baseOfA, baseOfB, Optional.of(next), Optional.empty(), offsets), next);
    }

    List<Step> steps() {
        if (!row.extent().isConstant()) return List.of(RowCut.ofEachPart(row.extent(), tallest()).map(cut -> partsOfRows(cut).over(over())).orElseGet(this::symbolicRows));
        var window = window();
        if (window.isPresent()) return List.of(sliding(window.get()));
        var cut = new RowCut(row.extent().toInt(), tallest());
        int height = cut.height();
        int high = cut.high();
        int low = cut.low();
        var steps = new ArrayList<Step>();
        if (blocks().isPresent()) {
            var even = cut.even(LOWEST_EVEN);
            if (even.isPresent()) return List.of(blocked(cut.rows() / even.get(), even.get(), 0));
            steps.add(blocked(high, height, 0));
            if (low > 0) steps.add(blocked(low, height - 1, high * height));
            return steps;
        }
        if (isAlone()) {
            steps.add(step(rowLoop("s", high), List.of(new Action.Let("row", at("s", high).times(IndexExpr.number(height)))), height, Dim.of((long) high * height), body(height)));
            if (low > 0) steps.add(step(rowLoop("s", low), List.of(new Action.Let("row", at("s", low).times(IndexExpr.number(height - 1)).plus(IndexExpr.number((long) high * height)))), height - 1, Dim.of((long) low * (height - 1)), body(height - 1)));
            return steps;
        }
        var body = new ArrayList<Action>();
        body.add(strip(high, height, 0));
        if (low > 0) body.add(strip(low, height - 1, high * height));
        return List.of(step(new Loops.Axis("s", IndexExpr.number(1)), List.of(), cut.rows(), row.extent(), body));
    }

    /// Strips are as high as a block where blocks of 24 columns are all there is.
    private int tallest() {
        return column.extent().isConstant() && isNarrow(column.extent().toInt()) ? TileKey.NARROW_ROWS : RowCut.TALLEST;
    }

    /// Whether so many columns are 24 with those that pad them: a panel has 32 for its reader, and a channel of its own needs no other vectors.
    private boolean isNarrow(int columns) {
        return columns > 16 && columns <= TileKey.NARROW && !c.panelled() && column.ofA().is(0);
    }

    /// A residual may be written over where it lies as the result does, and the product reads nothing of it.
    private Optional<Step.Over> over() {
        boolean free = strip.isEmpty() && residual.filter(r -> !r.buffer().equals(a.buffer()) && !r.buffer().equals(b.buffer()) && r.equals(c.in(r.buffer())) && r.buffer().size().equals(c.buffer().size())).isPresent();
        return free ? Optional.of(new Step.Over(residual.get().buffer(), c.buffer())) : Optional.empty();
    }

    /// Rows of an unknown number of parts, each cut as it fits exactly.
    private Step partsOfRows(RowCut cut) {
        var count = IndexExpr.number(cut.strips());
        var strips = new Loops.Axis("s", IndexExpr.size(row.extent()).quotient(IndexExpr.number(cut.rows())).times(count));
        var strip = strips.at().remainder(count);
        var first = strips.at().quotient(count).times(IndexExpr.number(cut.rows())).plus(cut.first(strip));
        var cases = new TreeMap<Integer, List<Action>>();
        cases.put(0, body(cut.height()));
        if (cut.low() > 0) cases.put(1, body(cut.height() - 1));
        List<Action> body = cut.low() == 0 ? body(cut.height()) : List.of(new Action.Choose(cut.isLow(strip), cases));
        return step(strips, List.of(new Action.Let("row", first)), cut.height(), row.extent(), body);
    }

    private boolean isAlone() {
        return outer.stream().allMatch(o -> o.extent().is(1));
    }

    /// A sum whose length only the binding knows is cut into blocks.
    private Optional<SumBlocks> blocks() {
        boolean grows = !k.extent().isConstant() || !r.extent().isConstant();
        return grows && isAlone() && gathered.isEmpty() && start == Start.ZERO && act instanceof Act.None && row.extent().isConstant() && q.extent().is(1) ? Optional.of(SumBlocks.of(k, r)) : Optional.empty();
    }

    /// Strips of one height from row `first` on; so many are a task that there are some 8 tasks.
    private Step blocked(int count, int height, int first) {
        int chunks = column.extent().isConstant() ? (column.extent().toInt() + CHUNK - 1) / CHUNK : 1;
        int parts = Math.clamp(BLOCKED_TASKS / chunks, 1, count);
        int most = (count + parts - 1) / parts;
        var groups = rowLoop("g", (count + most - 1) / most);
        var before = Loops.at(groups).times(IndexExpr.number(most));
        var strip = new ArrayList<Action>();
        strip.add(new Action.Let("row", before.plus(IndexExpr.variable("t")).times(IndexExpr.number(height)).plus(IndexExpr.number(first))));
        strip.addAll(body(height));
        var strips = new Action.Loop("t", IndexExpr.number(most).minimum(IndexExpr.number(count).minus(before)), strip);
        return step(groups, List.of(), most * height, Dim.of((long) count * height), List.of(blocks().orElseThrow().loop(strips)));
    }

    private static Loops.Axis rowLoop(String variable, int count) {
        return new Loops.Axis(variable, IndexExpr.number(count));
    }

    private static IndexExpr at(String variable, int count) {
        return Loops.at(rowLoop(variable, count));
    }

    private Action strip(int count, int height, int first) {
        var body = new ArrayList<Action>();
        body.add(new Action.Let("row", IndexExpr.variable("t").times(IndexExpr.number(height)).plus(IndexExpr.number(first))));
        body.addAll(body(height));
        return new Action.Loop("t", IndexExpr.number(count), body);
    }

    private Step symbolicRows() {
        var rows = IndexExpr.size(row.extent());
        var height = new IndexExpr.Height(row.extent(), isCrowded());
        var strips = rows.plus(height).plus(IndexExpr.number(-1)).quotient(height);
        var cases = new TreeMap<Integer, List<Action>>();
        for (int h : Strips.HEIGHTS) cases.put(h, body(h));
        var tiles = new Action.Choose(height, cases);
        var last = rows.minus(height);
        if (!isFar()) return step(new Loops.Axis("s", strips), List.of(new Action.Let("row", IndexExpr.variable("s").times(height).minimum(last))), RowCut.TALLEST, row.extent(), List.of(tiles));
        var task = new Loops.Axis("s", strips.times(chunks()));
        var group = IndexExpr.variable("group");
        var here = IndexExpr.variable("here");
        var inGroup = task.at().remainder(chunks().times(TOGETHER));
        List<Action> before = List.of(
                new Action.Let("group", task.at().quotient(chunks().times(TOGETHER)).times(TOGETHER)),
                new Action.Let("here", TOGETHER.minimum(strips.minus(group))),
                new Action.Let("chunk", inGroup.quotient(here)),
                new Action.Let("row", group.plus(inGroup.remainder(here)).times(height).minimum(last)));
        return step(List.of(task), before, RowCut.TALLEST, row.extent(), List.of(tiles));
    }

    /// Whether the rows of a tile share a place of the first cache: they lie a multiple of 4 KB apart, as only the caller's do.
    private boolean isCrowded() {
        return column.ofA().is(0) && row.ofA().isConstant() && !row.ofA().is(0) && row.ofA().toInt() % CROWDED == 0;
    }

    /// Whether b does not stay in a cache of the second level; then a few strips do, while all chunks of columns go by.
    private boolean isFar() {
        return strip.isEmpty() && isAlone() && column.ofA().is(0) && ofB().filter(floats -> floats > FAR).isPresent();
    }

    /// Tasks: strips of time first, then outer loops, then chunks of columns, then strips. The latter two the other way round where all of b stays near, since then a is read and c written
    /// once, from end to end.
    private Step step(Loops.Axis strips, List<Action> before, int height, Dim rows, List<Action> body) {
        var chunks = new Loops.Axis("chunk", chunks());
        return step(strip.isEmpty() && staysNear() ? List.of(strips, chunks) : List.of(chunks, strips), before, height, rows, body);
    }

    /// @param tiles the loops over strips and chunks
    /// @param rows  that all strips have together
    private Step step(List<Loops.Axis> tiles, List<Action> before, int height, Dim rows, List<Action> body) {
        var loops = new ArrayList<Loops.Axis>();
        strip.ifPresent(s -> loops.add(s.axis()));
        for (int i = 0; i < outer.size(); i++) loops.add(new Loops.Axis("o" + i, IndexExpr.size(outer.get(i).extent())));
        loops.addAll(tiles);
        var all = new ArrayList<Action>();
        strip.ifPresent(s -> all.addAll(s.lets()));
        inside.ifPresent(i -> all.addAll(i.lets()));
        all.addAll(before);
        all.addAll(body);
        var terms = IndexExpr.size(k.extent()).times(IndexExpr.size(r.extent())).times(IndexExpr.size(q.extent()));
        for (var g : gathered) terms = terms.times(IndexExpr.size(g.extent()));
        int width = column.extent().isConstant() ? Math.min(CHUNK, (column.extent().toInt() + 15) / 16 * 16) : CHUNK;
        var cost = terms.times(IndexExpr.number(nanoseconds(height, width))).plus(IndexExpr.number(20));
        var work = Stream.of(List.of(rows, column.extent(), k.extent(), r.extent(), q.extent()), outer.stream().map(Run::extent).toList(), gathered.stream().map(Run::extent).toList()).flatMap(List::stream).toList();
        return new Loops(loops, strip.isPresent() ? 3 : 2).step(name, origin, cost, strip.map(StripLoop::work).orElse(work), all);
    }

    /// Of one term of a tile, about: 60 products in a nanosecond where the vectors of B serve several rows; 32 where each is read for one product, or for a channel of its own.
    private long nanoseconds(int height, int width) {
        return Math.max(1, column.ofA().is(1) ? height * width / 32 : Math.max(height * width / 60, width / 32));
    }

    /// Whether b stays in a cache of the second level while all of a goes by.
    private boolean staysNear() {
        return column.ofA().is(0) && ofB().filter(floats -> floats <= NEAR).isPresent();
    }

    /// Floats of b, where all sizes are known.
    private Optional<Long> ofB() {
        return column.extent().times(k.extent()).times(r.extent()).times(q.extent()).constant().stream().boxed().findFirst();
    }

    IndexExpr chunks() {
        return IndexExpr.size(column.extent()).parts(CHUNK);
    }

    IndexExpr chunk() {
        return Loops.at(new Loops.Axis("chunk", chunks()));
    }

    /// The tiles of one strip and one chunk.
    private List<Action> body(int height) {
        if (!column.extent().isConstant()) {
            var block = IndexExpr.variable("block");
            var blocks = IndexExpr.number(CHUNK / 16).minimum(IndexExpr.size(column.extent()).minus(chunk().times(IndexExpr.number(CHUNK))).parts(16));
            return List.of(new Action.Loop("block", blocks, List.of(tile(height, 16, chunk().times(IndexExpr.number(CHUNK)).plus(block.times(IndexExpr.number(16)))))));
        }
        int columns = column.extent().toInt();
        int full = columns / CHUNK;
        int rest = columns % CHUNK;
        var first = chunk().times(IndexExpr.number(CHUNK));
        if (rest == 0) return tilesOf(height, CHUNK, first);
        if (full == 0) return tilesOf(height, rest, first);
        var cases = new TreeMap<Integer, List<Action>>();
        cases.put(0, tilesOf(height, CHUNK, first));
        cases.put(1, tilesOf(height, rest, first));
        return List.of(new Action.Choose(chunk().quotient(IndexExpr.number(full)), cases));
    }

    private List<Action> tilesOf(int height, int columns, IndexExpr first) {
        var tiles = new ArrayList<Action>();
        int widest = c.panelled() ? 32 : height <= 2 ? 128 : height <= 4 ? 64 : 32;
        int done = 0;
        for (int width : List.of(128, 64, 32, TileKey.NARROW, 16)) {
            int left = columns - done;
            boolean narrow = widest == 32 && isNarrow(left % 32);
            int count = width > widest ? 0 : switch (width) {
                case 16 -> left > 0 ? 1 : 0;
                case TileKey.NARROW -> narrow && left < 32 ? 1 : 0;
                case 32 -> narrow ? left / 32 : (left + 15) / 32;
                default -> left / width;
            };
            if (count > 1) {
                var at = first.plus(IndexExpr.number(done)).plus(IndexExpr.variable("w").times(IndexExpr.number(width)));
                tiles.add(new Action.Loop("w", IndexExpr.number(count), List.of(tile(height, width, at))));
            } else if (count == 1) tiles.add(tile(height, width, first.plus(IndexExpr.number(done))));
            done += count * width;
        }
        return tiles;
    }

    Action tile(int height, int width, IndexExpr column0) {
        var blocks = blocks();
        if (blocks.isEmpty()) return tile(height, width, column0, start, IndexExpr.size(k.extent()), inside.isPresent() ? Inside.LINES : IndexExpr.size(r.extent()));
        var block = blocks.get();
        var cases = new TreeMap<Integer, List<Action>>();
        cases.put(0, List.of(tile(height, width, column0, start, block.extent(k), block.extent(r))));
        cases.put(1, List.of(tile(height, width, column0, Start.RESIDUAL, block.extent(k), block.extent(r))));
        return new Action.Choose(block.goesOn(), cases);
    }

    /// @param ofK the terms of the inner run
    /// @param ofR the terms of the run around it
    private Action tile(int height, int width, IndexExpr column0, Start from, IndexExpr ofK, IndexExpr ofR) {
        var arguments = new ArrayList<>(List.of(Argument.of(ofK)));
        arguments.addAll(places(column0, from));
        for (var stride : List.of(taps().isPresent() ? place() : row.ofA(), k.ofA(), k.ofB(), panel(), row.ofC(), row.ofResidual())) arguments.add(Argument.of(IndexExpr.size(stride)));
        arguments.addAll(List.of(
                Argument.of(ofR), Argument.of(IndexExpr.size(r.ofA())), Argument.of(IndexExpr.size(r.ofB())),
                Argument.of(IndexExpr.size(q.extent())), Argument.of(IndexExpr.size(q.ofA())), Argument.of(IndexExpr.size(q.ofB()))));
        boolean windows = !q.extent().is(1) || !ofR.equals(IndexExpr.number(1));
        TileKey product = TileKey.of(height, width, from, act);
        Action call = new Action.Kernel(column.ofA().is(1) ? new ChannelKey(height, width, taps(), from, act) : windows ? product.withWindows() : product, arguments);
        for (int i = 0; i < gathered.size(); i++) call = new Action.Loop("g" + i, IndexExpr.size(gathered.get(i).extent()), List.of(call));
        return call;
    }

    /// How rows and terms overlap where both move along one axis of a window.
    private Optional<Taps> taps() {
        if (!column.ofA().is(1) || !k.extent().isConstant() || !k.ofA().isConstant() || !row.ofA().isConstant() || k.ofA().is(0) || row.ofA().is(0)) return Optional.empty();
        int place = place().toInt();
        int step = row.ofA().toInt() / place;
        int dilation = k.ofA().toInt() / place;
        return Taps.fits(k.extent().toInt(), step, dilation) ? Optional.of(new Taps(k.extent().toInt(), step, dilation)) : Optional.empty();
    }

    /// Where a, b, c, the bias and the residual start for this row and column.
    private List<Argument> places(IndexExpr column0, Start from) {
        var placeA = IndexExpr.size(baseOfA).plus(offsets.ofA()).plus(rowOffset(row.ofA())).plus(column.ofA().is(1) ? column0 : IndexExpr.number(0));
        var placeB = IndexExpr.size(baseOfB).plus(columnOffset(b, column0));
        var placeC = IndexExpr.size(c.base()).plus(offsets.ofC()).plus(rowOffset(row.ofC())).plus(columnOffset(c, column0));
        if (strip.isPresent()) {
            placeA = placeA.plus(strip.get().placeInA());
            placeC = placeC.plus(strip.get().placeInC());
        }
        var placeR = residual.map(s -> IndexExpr.size(s.base()).plus(offsets.ofResidual()).plus(rowOffset(row.ofResidual())).plus(columnOffset(s, column0))).orElse(IndexExpr.number(0));
        for (int i = 0; i < outer.size(); i++) {
            var at = Loops.at(new Loops.Axis("o" + i, IndexExpr.size(outer.get(i).extent())));
            placeA = placeA.plus(at.times(IndexExpr.size(outer.get(i).ofA())));
            placeB = placeB.plus(at.times(IndexExpr.size(outer.get(i).ofB())));
            placeC = placeC.plus(at.times(IndexExpr.size(outer.get(i).ofC())));
            if (residual.isPresent()) placeR = placeR.plus(at.times(IndexExpr.size(outer.get(i).ofResidual())));
        }
        for (int i = 0; i < gathered.size(); i++) {
            placeA = placeA.plus(IndexExpr.variable("g" + i).times(IndexExpr.size(gathered.get(i).ofA())));
            placeB = placeB.plus(IndexExpr.variable("g" + i).times(IndexExpr.size(gathered.get(i).ofB())));
        }
        var blocks = blocks();
        if (blocks.isPresent()) {
            placeA = placeA.plus(blocks.get().offset(blocks.get().run().ofA()));
            placeB = placeB.plus(blocks.get().offset(blocks.get().run().ofB()));
        }
        if (inside.isPresent()) {
            placeA = placeA.plus(Inside.offset(r.ofA()));
            placeB = placeB.plus(Inside.offset(r.ofB()));
        }
        if (residual.isEmpty() && from == Start.RESIDUAL) placeR = placeC;
        var s = bias.orElse(c);
        var placeS = bias.isPresent() ? IndexExpr.size(s.base()).plus(column0) : IndexExpr.number(0);
        return List.of(new Place(a.buffer(), placeA), new Place(b.buffer(), placeB), new Place(c.buffer(), placeC), new Place(s.buffer(), placeS), new Place(residual.orElse(c).buffer(), placeR));
    }

    /// A window of known size that slides along rows of a known number, and whose weights fit into registers. It pays from two blocks of one height on.
    private Optional<Taps> window() {
        boolean plain = q.extent().is(1) && r.extent().isConstant() && column.extent().isConstant() && gathered.isEmpty() && strip.isEmpty() && !c.panelled();
        return taps().filter(taps -> plain && SlideKey.fits(r.extent().toInt(), taps) && blocksOfRows(taps).high() > 1);
    }

    private RowCut blocksOfRows(Taps taps) {
        return new RowCut(row.extent().toInt(), SlideKey.highest(taps));
    }

    /// Blocks of one height, then those that are a row lower.
    private Step sliding(Taps taps) {
        var cut = blocksOfRows(taps);
        var body = new ArrayList<>(slide(taps, cut.height(), cut.high(), 0));
        if (cut.low() > 0) body.addAll(slide(taps, cut.height() - 1, cut.low(), cut.high() * cut.height()));
        return step(new Loops.Axis("s", IndexExpr.number(1)), List.of(), cut.rows(), row.extent(), body);
    }

    /// Blocks from row `first` on, in as few calls as the first cache allows.
    private List<Action> slide(Taps taps, int height, int blocks, int first) {
        int lines = r.extent().toInt();
        int calls = Math.ceilDiv(blocks, Math.max(1, PLACES / (lines * height * taps.step())));
        int most = Math.ceilDiv(blocks, calls);
        var before = IndexExpr.variable("t").times(IndexExpr.number(most));
        var column0 = chunk().times(IndexExpr.number(CHUNK));
        var columns = IndexExpr.number(CHUNK).minimum(IndexExpr.number((column.extent().toInt() + 15L) / 16 * 16).minus(column0));
        var arguments = new ArrayList<>(List.of(Argument.of(IndexExpr.number(most).minimum(IndexExpr.number(blocks).minus(before))), Argument.of(columns)));
        arguments.addAll(places(column0, start));
        for (var stride : List.of(place(), r.ofA(), k.ofB(), r.ofB(), panel(), row.ofC(), row.ofResidual())) arguments.add(Argument.of(IndexExpr.size(stride)));
        var call = new Action.Kernel(new SlideKey(height, lines, taps, start, act), arguments);
        return List.of(new Action.Loop("t", IndexExpr.number(calls), List.of(new Action.Let("row", before.times(IndexExpr.number(height)).plus(IndexExpr.number(first))), call)));
    }

    private Dim panel() {
        return b.panelled() ? b.panelStride() : Dim.of(Storage.PANEL);
    }

    /// The distance of neighbouring places, of which both the step of the rows and that of the terms consist.
    private Dim place() {
        return Dim.of(BigInteger.valueOf(row.ofA().toInt()).gcd(BigInteger.valueOf(k.ofA().toInt())).intValue());
    }

    private static IndexExpr rowOffset(Dim stride) {
        return ROW.times(IndexExpr.size(stride));
    }

    private static IndexExpr columnOffset(Storage s, IndexExpr column) {
        if (!s.panelled()) return column;
        var panel = IndexExpr.number(Storage.PANEL);
        return column.quotient(panel).times(IndexExpr.size(s.panelStride())).plus(column.remainder(panel));
    }
}
