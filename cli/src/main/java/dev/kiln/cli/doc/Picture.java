package dev.kiln.cli.doc;

import dev.kiln.testkit.report.Markup;
import java.util.List;
import java.util.Locale;

/// A flow as an SVG element that takes its colours from the page around it.
final class Picture {
    private static final double LETTER = 7.3;
    private static final double SMALL_LETTER = 6.2;
    private static final double ONE_LINE = 26;
    private static final double TWO_LINES = 40;
    private static final double BETWEEN = 26;
    private static final double MARGIN = 6;

    private Picture() {}

    static String of(Flow flow, String title) {
        double[] widths = flow.boxes.stream().mapToDouble(b -> Math.max(36, Math.max(LETTER * b.label().length(), SMALL_LETTER * b.below().length()) + 16)).toArray();
        Layered layered = new Layered(flow, widths);
        double[] tops = new double[layered.layers.size()];
        double[] heights = new double[layered.layers.size()];
        double y = MARGIN;
        for (int i = 0; i < tops.length; i++) {
            tops[i] = y;
            heights[i] = layered.layers.get(i).stream().mapToDouble(n -> n.box >= 0 && !flow.boxes.get(n.box).below().isEmpty() ? TWO_LINES : ONE_LINE).max().orElse(ONE_LINE);
            y += heights[i] + BETWEEN;
        }
        double height = y - BETWEEN + MARGIN;
        double width = layered.width + 2 * MARGIN;
        StringBuilder svg = new StringBuilder();
        svg.append(format("<svg class=\"flow\" role=\"img\" aria-label=\"%s\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">%n", Markup.escape(title), width, height, width, height));
        svg.append("<title>").append(Markup.escape(title)).append("</title>\n");
        for (Layered.Route route : layered.routes) svg.append(arrow(route.nodes(), tops, heights, flow));
        for (int i = 0; i < tops.length; i++) {
            for (Layered.Node node : layered.layers.get(i)) if (node.box >= 0) svg.append(box(flow.boxes.get(node.box), node, tops[i] + heights[i] / 2));
        }
        return svg.append("</svg>\n").toString();
    }

    private static double height(Flow.Box box) {
        return box.below().isEmpty() ? ONE_LINE : TWO_LINES;
    }

    private static String box(Flow.Box box, Layered.Node node, double middle) {
        double x = node.x + MARGIN;
        double height = height(box);
        StringBuilder svg = new StringBuilder();
        svg.append(format("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"%d\"/>", box.kind().name().toLowerCase(Locale.ROOT), x - node.width / 2, middle - height / 2, node.width, height, box.kind() == Flow.Kind.STEP ? 4 : 13));
        svg.append(format("<text x=\"%.1f\" y=\"%.1f\">%s</text>", x, middle + (box.below().isEmpty() ? 4.5 : -3), Markup.escape(box.label())));
        if (!box.below().isEmpty()) svg.append(format("<text class=\"below\" x=\"%.1f\" y=\"%.1f\">%s</text>", x, middle + 13, Markup.escape(box.below())));
        return (box.target().isEmpty() ? svg : "<a href=\"" + Markup.escape(box.target()) + "\">" + svg + "</a>") + "\n";
    }

    /// From the lower edge of one box to the upper edge of the other, straight down through the layers between.
    private static String arrow(List<Layered.Node> nodes, double[] tops, double[] heights, Flow flow) {
        Layered.Node first = nodes.getFirst();
        double y = tops[first.layer] + heights[first.layer] / 2 + height(flow.boxes.get(first.box)) / 2;
        StringBuilder path = new StringBuilder(format("M%.1f %.1f", first.x + MARGIN, y));
        for (int i = 1; i < nodes.size(); i++) {
            Layered.Node node = nodes.get(i);
            double middle = tops[node.layer] + heights[node.layer] / 2;
            double end = node.box >= 0 ? middle - height(flow.boxes.get(node.box)) / 2 : tops[node.layer];
            double half = (y + end) / 2;
            path.append(format("C%.1f %.1f %.1f %.1f %.1f %.1f", nodes.get(i - 1).x + MARGIN, half, node.x + MARGIN, half, node.x + MARGIN, end));
            y = end;
            if (node.box < 0) {
                y = tops[node.layer] + heights[node.layer];
                path.append(format("V%.1f", y));
            }
        }
        double x = nodes.getLast().x + MARGIN;
        return format("<path class=\"arrow\" d=\"%s\"/><path class=\"head\" d=\"M%.1f %.1fl-3.5 -7h7z\"/>%n", path, x, y);
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one class
    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
