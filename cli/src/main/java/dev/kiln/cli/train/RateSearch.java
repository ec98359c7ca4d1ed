package dev.kiln.cli.train;

import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Tensors;
import dev.kiln.runtime.DivergedException;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;

/// The range test of learning rates (L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3): a short training in which every step is a little longer
/// than the one before, until the loss turns up. The steps are in multiples of those that the file's rates give.
///
/// @param points  the way there
/// @param stopped whether it ended because somebody wished so
public record RateSearch(List<Point> points, boolean stopped) {
    private static final int STEPS = 120;
    private static final double SHORTEST = 1e-3;
    private static final double LONGEST = 1e3;
    /// How much of the running mean of losses stays in a step.
    private static final double KEPT = 0.9;
    /// The loss has turned when it is so many times the least.
    private static final double TURNED = 3;
    private static final int LINES = 20;
    private static final int BAR = 40;

    public RateSearch {
        points = List.copyOf(points);
    }

    /// One step of the way.
    /// @param pace multiple of the file's rates
    /// @param loss a running mean over the steps until here
    public record Point(double pace, double loss) {}

    /// Trains with longer and longer steps.
    /// @param trainer of a network whose last input is the pace
    /// @param batches taken in turn
    /// @param stop    asked between steps
    public static RateSearch run(Trainer trainer, List<Batch> batches, BooleanSupplier stop) {
        List<Point> points = new ArrayList<>();
        double mean = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < STEPS && !stop.getAsBoolean(); i++) {
            double pace = SHORTEST * Math.pow(LONGEST / SHORTEST, i / (STEPS - 1.0));
            Tensor[] rows = Tensors.of(batches.get(i % batches.size()));
            Tensor[] inputs = Arrays.copyOf(rows, rows.length + 1);
            inputs[rows.length] = Tensor.of(new float[] {(float) pace});
            try {
                mean = KEPT * mean + (1 - KEPT) * trainer.step(inputs)[0].floats()[0];
            } catch (DivergedException _) {
                break;
            }
            double loss = mean / (1 - Math.pow(KEPT, i + 1));
            points.add(new Point(pace, loss));
            least = Math.min(least, loss);
            if (loss > TURNED * least && least > 0) {
                break;
            }
        }
        return new RateSearch(points, stop.getAsBoolean());
    }

    /// Where the loss was least.
    private int lowest() {
        int lowest = 0;
        for (int i = 1; i < points.size(); i++) {
            if (points.get(i).loss() < points.get(lowest).loss()) {
                lowest = i;
            }
        }
        return lowest;
    }

    /// Where, up to the least loss, it fell fastest over the logarithm of the pace, half a decade at a time.
    private int steepest() {
        int reach = STEPS / 12;
        int steepest = 0;
        double most = 0;
        for (int i = reach; i <= lowest(); i++) {
            double fall = points.get(i - reach).loss() - points.get(i).loss();
            if (fall > most) {
                most = fall;
                steepest = i - reach / 2;
            }
        }
        return steepest;
    }

    /// A table of some points with bars, and what follows from them in words.
    public String text() {
        if (points.isEmpty() && stopped) {
            return "stopped before the first step: nothing is known of any rate\n";
        }
        if (points.isEmpty()) {
            return "the very first loss was no finite number: look for such numbers in the data\n";
        }
        double high = points.stream().mapToDouble(Point::loss).max().orElse(0);
        StringBuilder text = new StringBuilder("rate times  loss\n");
        int every = Math.max(1, points.size() / LINES);
        for (int i = 0; i < points.size(); i += every) {
            Point point = points.get(i);
            int bar = (int) Math.round(BAR * Math.max(0, point.loss()) / Math.max(high, Double.MIN_NORMAL));
            text.append(String.format(Locale.ROOT, "%10s  %-10s %s%n", pace(point.pace()), Scores.number(point.loss()), "━".repeat(bar)));
        }
        return (stopped ? text.append("stopped after %d of %d rates; of those tried:%n".formatted(points.size(), STEPS)) : text) + words();
    }

    private String words() {
        Point lowest = points.get(lowest());
        if (steepest() == 0) {
            return "the loss did not fall at any rate: the data, the loss or the first weights may be at fault\n";
        }
        String turn = lowest() < points.size() - 1 ? "is least at %s times and rises beyond".formatted(pace(lowest.pace())) : "still falls at %s times".formatted(pace(lowest.pace()));
        return "the loss falls fastest at %s times the rates in the file, %s; a good rate is about %s times%n"
                .formatted(pace(points.get(steepest()).pace()), turn, pace(points.get(steepest()).pace()));
    }

    private static String pace(double pace) {
        return String.format(Locale.ROOT, pace < 1 ? "%.4f" : pace < 10 ? "%.2f" : "%.0f", pace);
    }
}
