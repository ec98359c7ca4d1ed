package dev.kiln.cli.train;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// A bar that redraws its line, for terminals:
/// `epoch  3/15 ━━━━━━━━━━━━━━━━━━╸───────────  62%  loss 0.1234  accuracy 0.9621  18,400 rows/s  0:42 left`
public final class BarProgress extends PlainProgress {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final String CLEAR_LINE = "\r\u001b[2K";
    private static final int WIDEST_BAR = 30;

    private final IntSupplier columns;
    private final LongSupplier nanos;
    private final long start;
    private int epoch;
    private int epochs;
    private int rows;
    private int done;
    private long doneInAll;
    private long drawn;
    private int width;

    /// @param columns the width of the terminal, asked once an epoch
    /// @param nanos the clock
    public BarProgress(PrintStream out, IntSupplier columns, LongSupplier nanos) {
        super(out);
        this.columns = columns;
        this.nanos = nanos;
        start = nanos.getAsLong();
        drawn = start - REDRAW_NANOS;
    }

    @Override
    public void begins(int epoch, int epochs, int rows) {
        super.begins(epoch, epochs, rows);
        this.epoch = epoch;
        this.epochs = epochs;
        this.rows = rows;
        width = columns.getAsInt();
        done = 0;
    }

    @Override
    public void advanced(int batch, Scores soFar) {
        done += batch;
        doneInAll += batch;
        long now = nanos.getAsLong();
        if (now - drawn >= REDRAW_NANOS) {
            drawn = now;
            out.print(CLEAR_LINE + line(soFar, (now - start) / 1e9));
            out.flush();
        }
    }

    @Override
    public void finished(Epoch epoch) {
        out.print(CLEAR_LINE);
        super.finished(epoch);
    }

    private String line(Scores soFar, double seconds) {
        double speed = doneInAll / seconds;
        double left = ((double) rows * (epochs - epoch + 1) - done) / speed;
        String head = label(epoch, epochs);
        String tail = String.format(Locale.ROOT, "%3d%%  %s  %,d rows/s  %s left", 100L * done / rows, soFar, Math.round(speed), clock(left));
        int room = width - head.length() - tail.length() - 3;
        String line = room < 4 ? head + "  " + tail : head + " " + bar(Math.min(room, WIDEST_BAR)) + " " + tail;
        return line.substring(0, Math.min(line.length(), Math.max(width - 1, 0)));
    }

    private String bar(int width) {
        int halves = (int) (2L * width * done / rows);
        String full = "━".repeat(halves / 2) + (halves % 2 == 1 ? "╸" : "");
        return full + "─".repeat(width - full.length());
    }

    /// `0:42`, `12:05`, `1:02:33`
    static String clock(double seconds) {
        long s = Math.round(seconds);
        return s < 3600
                ? String.format(Locale.ROOT, "%d:%02d", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", s / 3600, s / 60 % 60, s % 60);
    }
}
