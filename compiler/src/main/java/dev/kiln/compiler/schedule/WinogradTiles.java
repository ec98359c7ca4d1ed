package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.schedule.Argument.Scratch;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Frame;
import dev.kiln.runtime.Strips;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The step of a convolution by transforms. The tiles of an image (or of all images, where one has few) are rows of 36 matrix products and are cut into strips, as rows of any product
/// are. A task takes a few strips through all three phases: transform of the inputs, and, for 128 filters at a time, products and transform of the results; what it holds in between is the worker's
/// own and stays in the cache next to the processor. Where there are few strips, each 128 filters are a task.
record WinogradTiles(String name, Optional<Origin> origin, Winograd op, Act act, Storage x, Storage u, Storage y, Optional<Storage> bias, Optional<Storage> residual) {
    private static final int PRODUCTS = 36;
    private static final int CHUNK = 128;
    /// Strips of one task; and where the matrices come from memory, each time that a task reads them.
    private static final int STRIPS = 2;
    private static final int STRIPS_OF_LARGE = 4;
    private static final long LARGE = 1 << 22;
    /// From so many blocks of strips on they are tasks enough.
    private static final int BLOCKS = 8;
    private static final int TALLEST = 12;
    private static final int LOWEST = 7;
    /// From so many tiles on an image has strips of its own.
    private static final int APART = 12;
    /// Behind what every worker has, where buffers of the arena begin, too: 12 modulo 16.
    private static final int FIRST = Frame.SCRATCH + 12;

    private static final IndexExpr STRIP = IndexExpr.variable("strip");
    private static final IndexExpr TILE = IndexExpr.variable("tile");
    private static final IndexExpr PRODUCT = IndexExpr.variable("f");
    private static final IndexExpr LOCAL = IndexExpr.variable("s");
    private static final IndexExpr ROW = IndexExpr.variable("t");

    /// Multiply-adds of one image.
    long work() {
        return (long) PRODUCTS * channels() * filters() * Math.max(1, tiles().evaluate(_ -> 1));
    }

    private int channels() {
        return op.channels().toInt();
    }

    private int filters() {
        return op.filters().toInt();
    }

    /// Strips of one task.
    private int strips() {
        return (long) PRODUCTS * channels() * filters() > LARGE ? STRIPS_OF_LARGE : STRIPS;
    }

    private Dim tiles() {
        return op.down().times(op.across());
    }

    private boolean apart() {
        return !tiles().isConstant() || tiles().toInt() >= APART;
    }

    /// The tiles that are cut into strips together.
    private Dim run() {
        return apart() ? tiles() : tiles().times(op.images());
    }

    Step step() {
        var run = run();
        if (run.isConstant()) return step(IndexExpr.number(height(run.toInt())), List.of(height(run.toInt())));
        return step(new IndexExpr.Height(run, false), Strips.HEIGHTS);
    }

    /// The height that computes the fewest rows twice, the tallest of those.
    private static int height(int rows) {
        if (rows <= TALLEST) return rows;
        return IntStream.rangeClosed(LOWEST, TALLEST).boxed().reduce((best, h) -> covered(rows, h) <= covered(rows, best) ? h : best).orElseThrow();
    }

    private static int covered(int rows, int height) {
        return (rows + height - 1) / height * height;
    }

    private Step step(IndexExpr height, List<Integer> heights) {
        var inRun = IndexExpr.size(run()).plus(height).plus(IndexExpr.number(-1)).quotient(height);
        var all = apart() ? IndexExpr.size(op.images()).times(inRun) : inRun;
        var strips = IndexExpr.number(strips());
        var blocks = new Loops.Axis("block", all.parts(strips()));
        int chunks = (filters() + CHUNK - 1) / CHUNK;
        var atOnce = blocks.count().quotient(IndexExpr.number(BLOCKS)).minimum(IndexExpr.number(1)).times(IndexExpr.number(chunks - 1L)).plus(IndexExpr.number(1));
        var shares = new Loops.Axis("share", IndexExpr.number(chunks).quotient(atOnce));
        var first = Loops.at(blocks).times(strips);
        var count = strips.minimum(all.minus(first));
        var cost = height.times(IndexExpr.number((long) strips() * PRODUCTS * channels() * Math.min(CHUNK, filters()) / 60)).times(atOnce);
        var parts = new Parts(Loops.at(shares).times(atOnce), atOnce);
        List<Action> body;
        if (heights.size() == 1) body = new Block(heights.getFirst(), inRun, first, count, parts).actions();
        else {
            var cases = new TreeMap<Integer, List<Action>>();
            for (int h : heights) cases.put(h, new Block(h, inRun, first, count, parts).actions());
            body = List.of(new Action.Choose(height, cases));
        }
        var work = List.of(op.images(), tiles(), Dim.of(PRODUCTS), op.channels(), op.filters());
        return new Loops(List.of(blocks, shares)).step(name, origin, cost, work, body);
    }

    private static int padded(int columns, int unit) {
        return (columns + unit - 1) / unit * unit;
    }

    /// The chunks of filters of one task.
    private record Parts(IndexExpr first, IndexExpr count) {
        List<Action> each(List<Action> body) {
            return count.isNumber(1) ? body : List.of(new Action.Loop("part", count, body));
        }

        IndexExpr chunk() {
            return count.isNumber(1) ? first : first.plus(IndexExpr.variable("part"));
        }
    }

    /// What one task does with strips of `height` rows. Transformed inputs lie `[strip][36][row][channel]` and products likewise, each of the 36 a little apart: at a distance of
    /// a power of two they would share a place in the cache.
    private final class Block {
        private final int height;
        private final IndexExpr inRun;
        private final IndexExpr first;
        private final IndexExpr count;
        private final Parts parts;
        private final IndexExpr chunk;
        private final int row = padded(channels(), 16);
        private final int plane;
        private final int productRow = padded(Math.min(CHUNK, filters()), Storage.PANEL);
        private final int productPlane;
        private final int inputs = FIRST;
        private final int products;
        private final int border;
        private final int floats;

        Block(int height, IndexExpr inRun, IndexExpr first, IndexExpr count, Parts parts) {
            this.height = height;
            this.inRun = inRun;
            this.first = first;
            this.count = count;
            this.parts = parts;
            chunk = parts.chunk();
            plane = height * row + 16;
            productPlane = height * productRow + 16;
            products = inputs + strips() * PRODUCTS * plane;
            border = products + strips() * PRODUCTS * productPlane;
            floats = border + PRODUCTS * row;
        }

        List<Action> actions() {
            var panels = IndexExpr.number(padded(filters(), Storage.PANEL) / Storage.PANEL);
            var here = IndexExpr.number(CHUNK / Storage.PANEL).minimum(panels.minus(chunk.times(IndexExpr.number(CHUNK / Storage.PANEL))));
            var all = new ArrayList<Action>();
            all.add(eachTile(input()));
            all.addAll(parts.each(List.of(
                    new Action.Loop("f", IndexExpr.number(PRODUCTS), List.of(new Action.Loop("w", here, List.of(new Action.Loop("s", count, List.of(product())))))),
                    eachTile(output()))));
            return all;
        }

        /// The last strip is moved up so that it ends with the last tile.
        private Action eachTile(Action body) {
            var rows = IndexExpr.size(run());
            var at = new ArrayList<Action>();
            at.add(new Action.Let("strip", first.plus(LOCAL)));
            at.add(new Action.Let("first", STRIP.remainder(inRun).times(IndexExpr.number(height)).minimum(rows.minus(IndexExpr.number(height)))));
            at.add(new Action.Loop("t", IndexExpr.number(height), List.of(new Action.Let("tile", IndexExpr.variable("first").plus(ROW)), body)));
            return new Action.Loop("s", count, at);
        }

        private IndexExpr image() {
            return apart() ? STRIP.quotient(inRun) : TILE.quotient(IndexExpr.size(tiles()));
        }

        private IndexExpr inImage() {
            return apart() ? TILE : TILE.remainder(IndexExpr.size(tiles()));
        }

        /// The first row of the result that the tile holds.
        private IndexExpr top() {
            return inImage().quotient(IndexExpr.size(op.across())).times(IndexExpr.number(op.results()));
        }

        private IndexExpr left() {
            return inImage().remainder(IndexExpr.size(op.across())).times(IndexExpr.number(op.results()));
        }

        private Scratch scratch(IndexExpr offset) {
            return new Scratch(offset, floats);
        }

        private Action input() {
            var to = IndexExpr.number(inputs).plus(LOCAL.times(IndexExpr.number((long) PRODUCTS * plane))).plus(ROW.times(IndexExpr.number(row)));
            var height = op.x().type().dim(op.in().get(2));
            var width = op.x().type().dim(op.in().get(3));
            return new Action.Kernel(TransformKey.input(), List.of(
                    new Place(x.buffer(), IndexExpr.size(x.base()).plus(image().times(stride(x, op.in(), 0)))), scratch(to), scratch(IndexExpr.number(border)),
                    Argument.of(channels()), Argument.of(IndexExpr.size(height)), Argument.of(IndexExpr.size(width)),
                    Argument.of(top().plus(IndexExpr.number(-op.top()))), Argument.of(left().plus(IndexExpr.number(-op.left()))),
                    Argument.of(stride(x, op.in(), 2)), Argument.of(stride(x, op.in(), 3)), Argument.of(plane)));
        }

        private Action product() {
            var from = IndexExpr.number(inputs).plus(LOCAL.times(IndexExpr.number(PRODUCTS)).plus(PRODUCT).times(IndexExpr.number(plane)));
            var panel = IndexExpr.variable("w").plus(chunk.times(IndexExpr.number(CHUNK / Storage.PANEL)));
            var with = IndexExpr.size(u.base()).plus(panel.times(IndexExpr.size(u.panelStride()))).plus(PRODUCT.times(IndexExpr.size(u.strides().getFirst())));
            var to = IndexExpr.number(products).plus(LOCAL.times(IndexExpr.number(PRODUCTS)).plus(PRODUCT).times(IndexExpr.number(productPlane))).plus(IndexExpr.variable("w").times(IndexExpr.number(Storage.PANEL)));
            return new Action.Kernel(TileKey.of(height, Storage.PANEL, Start.ZERO, Act.NONE), List.of(
                    Argument.of(channels()), scratch(from), new Place(u.buffer(), with), scratch(to), scratch(to), scratch(to),
                    Argument.of(row), Argument.of(1), Argument.of(Storage.PANEL), Argument.of(Storage.PANEL), Argument.of(productRow), Argument.of(0),
                    Argument.of(1), Argument.of(0), Argument.of(0), Argument.of(1), Argument.of(0), Argument.of(0)));
        }

        private Action output() {
            var from = IndexExpr.number(products).plus(LOCAL.times(IndexExpr.number((long) PRODUCTS * productPlane))).plus(ROW.times(IndexExpr.number(productRow)));
            var columns = IndexExpr.number(CHUNK).minimum(IndexExpr.number(filters()).minus(chunk.times(IndexExpr.number(CHUNK))));
            var column = chunk.times(IndexExpr.number(CHUNK));
            var s = bias.orElse(y);
            var r = residual.orElse(y);
            return new Action.Kernel(key(), List.of(
                    scratch(from), new Place(y.buffer(), pixel(y).plus(column)), new Place(s.buffer(), bias.isPresent() ? IndexExpr.size(s.base()).plus(column) : IndexExpr.number(0)), new Place(r.buffer(), pixel(r).plus(column)),
                    Argument.of(columns), Argument.of(IndexExpr.size(op.height()).minus(top())), Argument.of(IndexExpr.size(op.width()).minus(left())), Argument.of(productPlane),
                    Argument.of(stride(y, op.out(), 2)), Argument.of(stride(y, op.out(), 3)), Argument.of(stride(r, op.out(), 2)), Argument.of(stride(r, op.out(), 3))));
        }

        private KernelKey key() {
            var start = bias.isPresent() ? residual.isPresent() ? Start.BIAS_RESIDUAL : Start.BIAS : residual.isPresent() ? Start.RESIDUAL : Start.ZERO;
            return TransformKey.output(op.taps(), start, act);
        }

        /// Where the first pixel of the tile lies in what is shaped like the result.
        private IndexExpr pixel(Storage s) {
            return IndexExpr.size(s.base()).plus(image().times(stride(s, op.out(), 0))).plus(top().times(stride(s, op.out(), 2))).plus(left().times(stride(s, op.out(), 3)));
        }

        private static IndexExpr stride(Storage s, List<Integer> places, int role) {
            return IndexExpr.size(s.strides().get(places.get(role)));
        }
    }
}
