package dev.kiln.cli.train;

import java.io.PrintStream;
import java.util.Locale;

/// One line an epoch: for files, pipes and terminals that cannot redraw.
public class PlainProgress implements Progress {
    protected final PrintStream out;
    private int epochs;

    public PlainProgress(PrintStream out) {
        this.out = out;
    }

    @Override
    public void begins(int epoch, int epochs, int rows) {
        this.epochs = epochs;
    }

    @Override
    public void advanced(int rows, Scores soFar) {}

    @Override
    public void finished(Epoch epoch) {
        StringBuilder line = new StringBuilder(label(epoch.number(), epochs)).append("  ").append(epoch.training());
        epoch.validation().ifPresent(scores -> line.append("   validation ").append(scores));
        line.append(String.format(Locale.ROOT, "   %.1f s", epoch.seconds()));
        if (epoch.best() && epoch.validation().isPresent()) {
            line.append("  best");
        }
        out.println(line);
    }

    /// `epoch  3/15`
    protected static String label(int epoch, int epochs) {
        int digits = Integer.toString(epochs).length();
        return String.format(Locale.ROOT, "epoch %" + digits + "d/%d", epoch, epochs);
    }
}
