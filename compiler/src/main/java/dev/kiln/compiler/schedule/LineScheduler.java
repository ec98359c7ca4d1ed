package dev.kiln.compiler.schedule;

import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Schedules a chain of lines as one step. Each strip moves the lines that it shares with the one before to the front of its room, then every member makes its new lines.
final class LineScheduler {
    private static final IndexExpr TURN = IndexExpr.variable("turn");
    private static final IndexExpr BEGIN = IndexExpr.variable("begin");
    private static final IndexExpr ENDING = IndexExpr.variable("ending");
    /// 1 in the first strip of a band, else 0.
    private static final IndexExpr OPENING = IndexExpr.variable("opening");

    private final Scheduling scheduling;
    private final LineChain chain;
    private final Function<Group, String> names;
    private final int strip;
    private final List<StripRoom> rooms = new ArrayList<>();
    private int room = StripRoom.FIRST;

    LineScheduler(Scheduling scheduling, LineChain chain, Function<Group, String> names) {
        this.scheduling = scheduling;
        this.chain = chain;
        this.names = names;
        this.strip = chain.strip(LineChains.lengths(chain, scheduling.layouts));
    }

    void schedule() {
        for (int i = 0; i < chain.members().size() - 1; i++) {
            rooms.add(room(i, room));
            room = rooms.getLast().end();
        }
        var tiles = IntStream.range(0, chain.members().size()).mapToObj(this::tiles).toList();
        tiles.forEach(TileScheduler::operands);
        var last = chain.last().group();
        scheduling.border(last.result().type().shape(), scheduling.storage(last.result()));
        scheduling.add(new RowStrides.Layer(tiles.stream().mapToLong(TileScheduler::work).sum(), List.of(step(tiles))));
        tiles.getLast().end();
    }

    private StripRoom room(int member, int first) {
        var m = chain.members().get(member);
        return new StripRoom(m.group().result(), scheduling.storage(m.group().result()), m.dim(), chain.room(member, strip), first);
    }

    private TileScheduler tiles(int member) {
        var m = chain.members().get(member);
        var from = member == 0 ? Optional.<Storage>empty() : Optional.of(rooms.get(member - 1).at(m.above() + chain.front(member - 1)));
        var to = member == rooms.size() ? Optional.<Storage>empty() : Optional.of(rooms.get(member).at(chain.before(member)));
        return new TileScheduler(scheduling, m.group(), names.apply(m.group()), Optional.of(new LineTiles(m, from, to)));
    }

    private Step step(List<TileScheduler> tiles) {
        var lines = tiles.stream().map(TileScheduler::tiles).toList();
        var last = chain.last();
        var bands = IndexExpr.number(chain.bands());
        var images = last.image() < 0 ? Dim.ONE : last.roles().axes().get(last.image()).extent();
        var body = new ArrayList<Action>();
        if (last.image() >= 0) body.add(new Action.Let("image", Step.TASK.quotient(bands)));
        body.add(new Action.Let("begin", Step.TASK.remainder(bands).times(IndexExpr.number(chain.band()))));
        body.add(new Action.Let("ending", BEGIN.plus(IndexExpr.number(chain.band())).minimum(IndexExpr.number(last.lines()))));
        rooms.forEach(r -> body.addAll(r.borders()));
        body.add(new Action.Loop("turn", ENDING.minus(BEGIN).parts(strip).minimum(Step.TURNS), turn(lines)));
        long work = 0;
        long cost = 0;
        for (int i = 0; i < lines.size(); i++)
            for (var step : lines.get(i)) {
                long times = chain.members().get(i).lines();
                cost += times * number(step.tasks()) * number(step.cost());
                work += times * step.work().stream().mapToLong(Dim::toInt).reduce(1, (x, y) -> x * y);
            }
        var name = names.apply(chain.members().getFirst().group()) + " to " + names.apply(last.group());
        var tasks = IndexExpr.size(images).times(bands);
        return new Step(name, scheduling.origin(last.group().anchor()), tasks, IndexExpr.number(Math.min(cost / chain.bands(), Integer.MAX_VALUE)), factors(images, work), List.of(), StripRoom.inScratch(body, rooms), Optional.empty(), Optional.empty());
    }

    /// A number of multiply-adds an image as factors that are ints, to a millionth.
    private static List<Dim> factors(Dim images, long work) {
        var factors = new ArrayList<>(List.of(images));
        long left = work;
        for (; left > Integer.MAX_VALUE; left /= 1024) factors.add(Dim.of(1024));
        factors.add(Dim.of(left));
        return factors;
    }

    /// What the tiles of a line say is known.
    private static long number(IndexExpr e) {
        if (e instanceof IndexExpr.Constant(int n)) return n;
        throw new IllegalStateException("tiles of a line depend on more than the line: " + e);
    }

    /// One strip: first where the new lines of each member begin and end, from the last to the first.
    private List<Action> turn(List<List<Step>> tiles) {
        var body = new ArrayList<Action>();
        body.add(new Action.Let("opening", IndexExpr.number(1).minus(TURN.minimum(IndexExpr.number(1)))));
        for (int i = chain.members().size() - 1; i >= 0; i--) {
            body.add(new Action.Let("own" + i, own(i)));
            body.add(new Action.Let("from" + i, from(i)));
            body.add(new Action.Let("to" + i, to(i)));
        }
        for (int i = 0; i < rooms.size(); i++) body.addAll(shared(i));
        for (int i = 0; i < chain.members().size(); i++) {
            if (i < rooms.size()) body.addAll(outside(i));
            var line = new ArrayList<Action>();
            line.add(new Action.Let("line", variable("from", i).maximum(IndexExpr.number(0)).plus(IndexExpr.variable("y"))));
            line.add(new Action.Let("here", LineTiles.LINE.minus(variable("own", i))));
            for (var step : tiles.get(i)) line.add(new Action.Loop("task", step.tasks(), step.body()));
            body.add(new Action.Loop("y", variable("to", i).minus(variable("from", i).maximum(IndexExpr.number(0))), line));
        }
        return body;
    }

    private static IndexExpr variable(String name, int member) {
        return IndexExpr.variable(name + member);
    }

    /// The first line that no strip before has made; in the image or not.
    private IndexExpr own(int member) {
        if (member == rooms.size()) return BEGIN.plus(TURN.times(IndexExpr.number(strip)));
        var reader = chain.members().get(member + 1);
        return variable("own", member + 1).times(IndexExpr.number(reader.step())).plus(IndexExpr.number(reader.shared() - reader.above()));
    }

    /// The first line of this strip: where a band begins nothing is there yet.
    private IndexExpr from(int member) {
        return variable("own", member).minus(OPENING.times(IndexExpr.number(chain.before(member))));
    }

    /// The line behind the last that the image has and the next member reads.
    private IndexExpr to(int member) {
        if (member == rooms.size()) return variable("own", member).plus(IndexExpr.number(strip)).minimum(ENDING);
        var reader = chain.members().get(member + 1);
        var read = variable("to", member + 1).times(IndexExpr.number(reader.step())).plus(IndexExpr.number(reader.shared() - reader.above()));
        return read.minimum(IndexExpr.number(chain.members().get(member).lines()));
    }

    /// Moves to the front what the strip before has made and this one reads.
    private List<Action> shared(int member) {
        int lines = chain.members().get(member + 1).shared();
        int to = chain.front(member);
        if (lines == 0) return List.of();
        return List.of(rooms.get(member).move(to, to + chain.lines(member, strip), IndexExpr.number(1).minus(OPENING).times(IndexExpr.number(lines))));
    }

    /// Zeros in place of lines above and below the image.
    private List<Action> outside(int member) {
        var actions = new ArrayList<Action>();
        int lines = chain.members().get(member).lines();
        var own = variable("own", member);
        var from = variable("from", member);
        var end = own.plus(IndexExpr.number(chain.lines(member, strip)));
        var zero = IndexExpr.number(0);
        var room = rooms.get(member);
        if (first(member) < 0) actions.add(room.zeros(from.minus(own).plus(IndexExpr.number(chain.before(member))), zero.minimum(end).minus(from)));
        if (behind(member) > lines) {
            var start = from.maximum(IndexExpr.number(lines));
            actions.add(room.zeros(start.minus(own).plus(IndexExpr.number(chain.before(member))), end.minus(start)));
        }
        return actions;
    }

    /// The first line of a member that is read at all, where the image begins at 0.
    private int first(int member) {
        if (member == rooms.size()) return 0;
        var reader = chain.members().get(member + 1);
        return first(member + 1) * reader.step() - reader.above();
    }

    /// The line behind the last that is read at all.
    private int behind(int member) {
        if (member == rooms.size()) return chain.last().lines();
        var reader = chain.members().get(member + 1);
        return (behind(member + 1) - 1) * reader.step() - reader.above() + reader.window();
    }
}
