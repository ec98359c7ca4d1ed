package dev.kiln.bench;

import dev.kiln.bench.Contender.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// An item whose contenders are measured in rounds.
///
/// @param contenders opens them; the first peer's result is the one that ours are held against
record SideBySide(String name, Function<Settings, List<Contender>> contenders) implements Item {
    @Override
    public Outcome measure(Settings settings) {
        List<Contender> opened = contenders.apply(settings);
        try {
            List<String> notes = compare(opened);
            for (Contender each : opened) each.notes().forEach(note -> notes.add(name + ": " + note));
            var rounds = Rounds.of(settings);
            List<Samples> samples = rounds.of(opened);
            rounds.neighbours().ifPresent(n -> notes.add(name + ": " + n));
            var figures = new Figures(name, settings.threads(), IntStream.range(0, opened.size()).mapToObj(i -> new Figures.Measured(opened.get(i), samples.get(i))).toList());
            return new Outcome(figures.rows(), notes, figures.verdicts());
        } finally {
            opened.forEach(Contender::close);
        }
    }

    private List<String> compare(List<Contender> opened) {
        List<String> notes = new ArrayList<>();
        Optional<Contender> peer = opened.stream().filter(c -> c.role() == Role.PEER).findFirst();
        if (peer.isEmpty()) return notes;
        peer.get().run();
        float[] expected = peer.get().output();
        for (Contender other : opened) {
            if (other.equals(peer.get()) || other.role() == Role.PEAK) continue;
            other.run();
            Comparison comparison = Comparison.of(other.output(), expected);
            String note = String.format(Locale.ROOT, "%s: %s and %s differ by at most %.2e, largest result %.3g", name, other.name(), peer.get().name(), comparison.largest(), comparison.scale());
            if (!comparison.agrees()) throw new BenchException(note + ": too much");
            notes.add(note);
        }
        return notes;
    }
}
