package dev.kiln.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The history of a training as an SVG picture: one panel for the loss and one for each metric,
/// with the training rows' line, the validation rows' line and a mark at the epoch that was kept.
public final class Curve {
    private static final int WIDTH = 800;
    private static final int PANEL = 230;
    private static final int LEFT = 64;
    private static final int RIGHT = 132;
    private static final int TOP = 64;
    private static final int BOTTOM = 48;
    private static final int GAP = 60;
    private static final String STYLE = """
            <style>
              svg { background: #fff; font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
              text { fill: #57606a; } .title { fill: #1f2328; font-size: 16px; font-weight: 600; } .panel { fill: #1f2328; font-weight: 600; }
              .grid { stroke: #d8dee4; } .best { stroke: #8c959f; stroke-dasharray: 3 4; }
              .training { stroke: #8250df; } .validation { stroke: #e16f24; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
              text.training { fill: #8250df; stroke: none; } text.validation { fill: #bc4c00; stroke: none; }
              circle.training { fill: #8250df; } circle.validation { fill: #e16f24; }
            </style>
            """;

    private final String title;
    private final List<Epoch> history;
    private final StringBuilder svg = new StringBuilder();

    private Curve(String title, List<Epoch> history) {
        this.title = title;
        this.history = history;
    }

    /// The picture of at least one epoch.
    public static String of(String title, List<Epoch> history) {
        return new Curve(title, history).draw();
    }

    private String draw() {
        List<String> names = new ArrayList<>(history.getFirst().training().values().keySet());
        int height = TOP + names.size() * PANEL + (names.size() - 1) * GAP + BOTTOM;
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\">", WIDTH, height, WIDTH, height);
        svg.append(STYLE);
        add("<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>", WIDTH, height);
        add("<text class=\"title\" x=\"%d\" y=\"28\">%s</text>", LEFT, escape(title));
        for (int i = 0; i < names.size(); i++) {
            panel(names.get(i), TOP + i * (PANEL + GAP));
        }
        add("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">epoch</text>", LEFT + (WIDTH - LEFT - RIGHT) / 2, height - 10);
        return svg.append("</svg>\n").toString();
    }

    private void panel(String name, int top) {
        List<Double> training = line(epoch -> Optional.of(epoch.training()), name);
        List<Double> validation = line(Epoch::validation, name);
        double low = Math.min(least(training), least(validation));
        double high = Math.max(most(training), most(validation));
        Ticks ticks = Ticks.around(low, high, 5);
        add("<text class=\"panel\" x=\"%d\" y=\"%d\">%s</text>", LEFT, top - 14, escape(name));
        for (double value : ticks.values()) {
            double y = y(value, ticks, top);
            add("<line class=\"grid\" x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\"/>", LEFT, y, WIDTH - RIGHT, y);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>", LEFT - 8, y + 4, ticks.label(value));
        }
        epochLabels(top + PANEL + 18);
        history.stream().filter(Epoch::best).reduce((_, last) -> last).ifPresent(best -> {
            double x = x(best.number());
            add("<line class=\"best\" x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\"/>", x, top, x, top + PANEL);
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">kept</text>", x, top - 4);
        });
        double distance = validation.isEmpty() ? 0 : y(validation.getLast(), ticks, top) - y(training.getLast(), ticks, top);
        double apart = Math.abs(distance) < 14 && !validation.isEmpty() ? Math.copySign((14 - Math.abs(distance)) / 2, distance) : 0;
        series("training", training, ticks, top, -apart);
        series("validation", validation, ticks, top, apart);
    }

    /// @param shift moves the label, so that two labels at one height stay readable
    private void series(String kind, List<Double> values, Ticks ticks, int top, double shift) {
        if (values.isEmpty()) {
            return;
        }
        StringBuilder points = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(history.get(i).number()), y(values.get(i), ticks, top)));
        }
        double x = x(history.getLast().number());
        double y = y(values.getLast(), ticks, top);
        add("<polyline class=\"line %s\" points=\"%s\"/>", kind, points.toString().strip());
        add("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", kind, x, y);
        add("<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s %s</text>", kind, x + 8, y + 4 + shift, kind, Scores.number(values.getLast()));
    }

    private void epochLabels(int y) {
        int every = (int) Math.max(1, Ticks.around(0, history.size(), 12).step());
        String labels = history.stream()
                .filter(epoch -> epoch.number() % every == 0 || epoch.number() == 1)
                .map(epoch -> String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>", x(epoch.number()), y, epoch.number()))
                .collect(Collectors.joining("\n"));
        svg.append(labels).append('\n');
    }

    private List<Double> line(Function<Epoch, Optional<Scores>> scores, String name) {
        return history.stream().map(scores).flatMap(Optional::stream).map(s -> s.values().get(name)).toList();
    }

    private double x(int epoch) {
        double share = history.size() == 1 ? 0.5 : (epoch - 1) / (double) (history.size() - 1);
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, Ticks ticks, int top) {
        return top + PANEL * (ticks.high() - value) / (ticks.high() - ticks.low());
    }

    private static double least(List<Double> values) {
        return values.stream().mapToDouble(v -> v).min().orElse(Double.POSITIVE_INFINITY);
    }

    private static double most(List<Double> values) {
        return values.stream().mapToDouble(v -> v).max().orElse(Double.NEGATIVE_INFINITY);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
    private void add(String element, Object... values) {
        svg.append(String.format(Locale.ROOT, element, values)).append('\n');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
