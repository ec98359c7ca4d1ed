package dev.kiln.cli.train;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Says after each epoch what suffers in the network.
public final class HealthProgress implements Progress {
    /// The sentences that fit under an epoch; the table at the end has all.
    private static final int SHOWN = 6;

    private final Progress progress;
    private final PrintStream out;
    private final Supplier<HealthReport> examination;
    private Optional<HealthReport> last = Optional.empty();

    /// @param progress what else a person sees
    public HealthProgress(Progress progress, PrintStream out, Supplier<HealthReport> examination) {
        this.progress = progress;
        this.out = out;
        this.examination = examination;
    }

    @Override
    public void begins(int epoch, int epochs, int rows) {
        progress.begins(epoch, epochs, rows);
    }

    @Override
    public void advanced(int rows, Scores soFar) {
        progress.advanced(rows, soFar);
    }

    @Override
    public void finished(Epoch epoch) {
        progress.finished(epoch);
        HealthReport report = examination.get();
        last = Optional.of(report);
        List<String> complaints = report.complaints();
        complaints.stream().limit(SHOWN).forEach(complaint -> out.println("  " + complaint));
        if (complaints.size() > SHOWN) {
            out.printf("  and %d more%n", complaints.size() - SHOWN);
        }
        if (complaints.isEmpty()) {
            out.println("  health: nothing suffers");
        }
    }

    /// What was found after the last epoch.
    public Optional<HealthReport> last() {
        return last;
    }
}
