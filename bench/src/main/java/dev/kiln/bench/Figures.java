package dev.kiln.bench;

import dev.kiln.bench.Contender.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/// What the samples of an item's contenders say of each other.
///
/// @param measured the contenders of one run; the first of ours is the one that the ratio speaks of
record Figures(String item, int threads, List<Measured> measured) {
    /// A contender with what it showed.
    record Measured(Contender contender, Samples samples) {
        Role role() {
            return contender.role();
        }

        double seconds() {
            return samples.median();
        }

        double gflops() {
            return contender.flops() > 0 ? contender.flops() / seconds() / 1e9 : Double.NaN;
        }
    }

    Figures {
        measured = List.copyOf(measured);
    }

    List<Outcome.Row> rows() {
        double best = bestPeer();
        return measured.stream().map(m -> {
            double ratio = m.role() == Role.OURS || m.role() == Role.EARLIER ? best / m.seconds() : Double.NaN;
            return new Outcome.Row(item, m.contender.name(), cores(m), m.seconds(), m.samples.spread(), m.gflops(), ratio, percent(m));
        }).toList();
    }

    List<String> verdicts() {
        List<String> verdicts = new ArrayList<>();
        boolean alone = measured.stream().allMatch(m -> m.role() == Role.PEAK);
        for (Measured m : measured) {
            double percent = percent(m);
            if ((m.role() == Role.OURS || alone) && !Double.isNaN(percent)) verdicts.add(String.format(Locale.ROOT, "PEAK %s %d %.1f", item, m.contender.width(), percent));
        }
        double best = bestPeer();
        double ours = seconds(Role.OURS).findFirst().orElse(Double.NaN);
        if (!Double.isNaN(best / ours)) verdicts.add(String.format(Locale.ROOT, "RATIO %s %d %.3f", item, threads, best / ours));
        seconds(Role.EARLIER).forEach(earlier -> verdicts.add(String.format(Locale.ROOT, "BEFORE %s %d %.3f", item, threads, earlier / ours)));
        return verdicts;
    }

    private double bestPeer() {
        return seconds(Role.PEER).min().orElse(Double.NaN);
    }

    private DoubleStream seconds(Role role) {
        return measured.stream().filter(m -> m.role() == role).mapToDouble(Measured::seconds);
    }

    /// Of the peak of the same width on as many cores; a peak is measured on one.
    private double percent(Measured m) {
        return measured.stream().filter(p -> p.role() == Role.PEAK && p.contender.width() == m.contender.width()).findFirst()
                .map(peak -> 100 * m.gflops() / (peak.gflops() * cores(m))).orElse(Double.NaN);
    }

    private int cores(Measured m) {
        return m.role() == Role.PEAK ? 1 : threads;
    }
}
