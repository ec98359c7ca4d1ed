package dev.kiln.bench;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The speed of the tiles that the scheduler chooses from, beside the peak of their vectors: those of 7 rows or more with each start, with the row stride an argument and baked.
record TileSpeed(String name) implements Item {
    private static final int HIGH = 7;

    @Override
    public Outcome measure(Settings settings) {
        List<TileContender> tiles = keys().flatMap(k -> Subject.widths().stream().map(w -> TileContender.of(k, w))).toList();
        List<Contender> peaks = Subject.peaks();
        List<Contender> all = Stream.concat(tiles.stream(), peaks.stream()).toList();
        var rounds = Rounds.of(settings);
        List<Samples> samples = rounds.of(all);
        List<Figures.Measured> limits = IntStream.range(tiles.size(), all.size()).mapToObj(i -> new Figures.Measured(all.get(i), samples.get(i))).toList();
        List<Outcome.Row> rows = new ArrayList<>();
        List<String> verdicts = new ArrayList<>();
        for (int i = 0; i < tiles.size(); i++) {
            var figures = new Figures(name(tiles.get(i).key()), 1, Stream.concat(Stream.of(new Figures.Measured(tiles.get(i), samples.get(i))), limits.stream()).toList());
            figures.rows().stream().limit(1).forEach(rows::add);
            verdicts.addAll(figures.verdicts());
        }
        rows.addAll(new Figures(name, 1, limits).rows());
        Optional<String> neighbours = rounds.neighbours().map(n -> name + ": " + n);
        return new Outcome(rows, neighbours.stream().toList(), verdicts);
    }

    /// Any act may follow: it takes two operations of the thousands.
    private static Stream<TileKey> keys() {
        Stream<TileKey> high = IntStream.rangeClosed(HIGH, TileKey.highest(32)).boxed()
                .flatMap(rows -> Stream.of(Start.values()).flatMap(start -> Stream.of(OptionalInt.empty(), OptionalInt.of(TileContender.K)).map(aRow -> new TileKey(rows, 32, false, aRow, start, Act.RELU))));
        Stream<TileKey> low = Stream.of(16, 24, 32, 64, 128).flatMap(columns -> IntStream.rangeClosed(1, TileKey.highest(columns)).filter(rows -> rows < HIGH || columns < 32).mapToObj(rows -> TileKey.of(rows, columns, Start.BIAS, Act.RELU)));
        return Stream.concat(high, low);
    }

    private static String name(TileKey key) {
        return "tile_" + key.rows() + "x" + key.columns() + "_" + key.start().name().toLowerCase(Locale.ROOT) + (key.aRow().isPresent() ? "_baked" : "");
    }
}
