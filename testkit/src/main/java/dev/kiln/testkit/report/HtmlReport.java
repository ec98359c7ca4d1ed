package dev.kiln.testkit.report;

import static dev.kiln.testkit.report.Markup.escape;

import dev.kiln.testkit.gradient.Drift;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.Oracles;
import dev.kiln.testkit.gradient.Slope;
import dev.kiln.testkit.gradient.Verdict;
import dev.kiln.testkit.report.CheckReport.Network;
import java.util.List;
import java.util.Locale;

/// A report as one page that needs nothing else: verdicts, error of every parameter, drift of every layer, counts of kinks.
public final class HtmlReport {
    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Gradients</title>
            <style>
            %s</style>
            </head>
            <body>
            <main>
            """.formatted(Style.BASE + Style.BARS);
    private static final int WIDTH = 160;

    private final StringBuilder page = new StringBuilder();

    private HtmlReport() {}

    public static String of(CheckReport report) {
        var html = new HtmlReport();
        html.head(report);
        report.networks().forEach(html::network);
        return html.page.append("</main>\n</body>\n</html>\n").toString();
    }

    private void head(CheckReport report) {
        page.append(HEAD);
        page.append("<h1>Gradients of <code>%s</code>: %s</h1>%n<p class=\"faint\">seed %d</p>%n".formatted(escape(report.file()), report.failed() ? "<span class=\"bad\">wrong</span>" : "<span class=\"ok\">right</span>", report.seed()));
        if (!report.replayed().isEmpty()) {
            page.append("<h2>Kept from earlier checks</h2>\n<table>\n");
            report.replayed().forEach(r -> row(sign(r.wrong().isPresent()), escape(r.subject()), r.wrong().map(HtmlReport::pre).orElse("")));
            page.append("</table>\n");
        }
        if (!report.properties().isEmpty()) {
            page.append("<h2>Properties</h2>\n<table>\n<tr><th></th><th>claim</th><th>tries</th></tr>\n");
            report.properties().forEach(p -> row(sign(p.outcome().failed()), escape(p.outcome().title()) + p.outcome().failure().map(f -> pre(f.toString())).orElse(""), Integer.toString(p.outcome().tries())));
            page.append("</table>\n");
        }
    }

    private void network(Network network) {
        page.append("<h2>Network <code>%s</code>: %s</h2>%n".formatted(escape(network.report().name()), network.failed() ? "<span class=\"bad\">wrong</span>" : "<span class=\"ok\">right</span>"));
        page.append("<p>%s; %s s.</p>%n".formatted(escape(network.report().counts()), String.format(Locale.ROOT, "%.1f", network.seconds())));
        if (!network.blame().isEmpty()) page.append(pre(network.blame()));
        page.append("<p class=\"faint\">Bars run from 1e-16 to 1, each power of ten as wide as the others; a red stroke is the most that rounding explains.</p>\n");
        page.append("<h3>Error of every parameter</h3>\n<div class=\"scroll\"><table>\n<tr><th></th><th>moves</th><th class=\"n\">gradient</th><th>differences</th><th class=\"n\">relative error</th><th></th><th class=\"n\">kinks</th><th class=\"n\">nearest kink</th></tr>\n");
        network.report().findings().forEach(this::finding);
        page.append("</table></div>\n");
        network.oracles().ifPresent(this::oracles);
    }

    private void finding(Finding f) {
        String sign = switch (f.verdict()) {
            case Verdict.Pass _ -> "<span class=\"ok\">ok</span>";
            case Verdict.Fail _ -> "<span class=\"bad\">FAIL</span>";
            case Verdict.Inconclusive(String reason) -> "<span class=\"unsure\" title=\"%s\">?</span>".formatted(escape(reason));
        };
        String why = f.verdict() instanceof Verdict.Inconclusive(String reason) ? "<br><span class=\"faint\">%s</span>".formatted(escape(reason)) : "";
        boolean smooth = f.differences() instanceof Slope.Smooth;
        page.append("<tr><td>%s</td><td><code>%s</code>%s</td><td class=\"n\">%s</td><td>%s</td><td class=\"n\">%s</td><td>%s</td><td class=\"n\">%d</td><td class=\"n\">%s</td></tr>%n".formatted(sign, escape(f.name()), why, number(f.reverse()),
                escape(f.differences().toString()), smooth ? number(f.distance()) : "", smooth ? bar(f.distance(), Double.NaN, f.failed()) : "", f.kinked(), Double.isInfinite(f.margin()) ? "" : number(f.margin())));
    }

    private void oracles(Oracles oracles) {
        page.append("<h3>Compiled code</h3>\n");
        oracles.missing().ifPresent(why -> page.append("<p class=\"unsure\">not compiled: %s</p>%n".formatted(escape(why))));
        page.append("<p>The optimised graph in double is %s from the plain one. Kernels for scalars and two threads give %s.</p>%n".formatted(number(oracles.optimised()), oracles.unlike().isEmpty() ? "the same bits" : "<span class=\"bad\">other bits</span>"));
        oracles.disagreements().forEach(line -> page.append("<p class=\"bad\">%s</p>%n".formatted(escape(line))));
        drifts("Float against double, layer by layer", oracles.layers());
        drifts("Float against double, gradients", oracles.gradients());
    }

    private void drifts(String title, List<Drift> drifts) {
        if (drifts.isEmpty()) return;
        page.append("<h3>%s</h3>%n<div class=\"scroll\"><table>%n<tr><th></th><th>where</th><th class=\"n\">drift</th><th>of its budget</th><th class=\"n\">budget</th></tr>%n".formatted(title));
        for (Drift d : drifts)
            page.append("<tr><td>%s</td><td><code>%s</code></td><td class=\"n\">%s</td><td>%s</td><td class=\"n\">%s</td></tr>%n".formatted(sign(d.verdict() instanceof Verdict.Fail), escape(d.where()), number(d.drift()), bar(d.drift(), d.budget(), d.verdict() instanceof Verdict.Fail), number(d.budget())));
        page.append("</table></div>\n");
    }

    /// From 1e-16 to 1 on a scale of powers of ten, with a stroke at the limit.
    private static String bar(double value, double limit, boolean failed) {
        String stroke = Double.isNaN(limit) ? "" : "<line class=\"limit\" x1=\"%1$d\" x2=\"%1$d\" y1=\"0\" y2=\"10\" stroke-width=\"2\"/>".formatted(place(limit));
        return "<svg width=\"%d\" height=\"10\" role=\"img\" aria-label=\"%s\"><rect class=\"track\" width=\"%1$d\" height=\"10\" rx=\"2\"/><rect class=\"bar%5$s\" width=\"%3$d\" height=\"10\" rx=\"2\"/>%4$s</svg>".formatted(WIDTH, number(value), place(value), stroke, failed ? " bad" : "");
    }

    private static int place(double value) {
        return value > 0 ? (int) Math.round(Math.clamp((Math.log10(value) + 16) / 16, 0, 1) * WIDTH) : 0;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }

    private static String sign(boolean failed) {
        return failed ? "<span class=\"bad\">FAIL</span>" : "<span class=\"ok\">ok</span>";
    }

    private static String pre(String text) {
        return "<pre>" + escape(text.stripTrailing()) + "</pre>\n";
    }

    private void row(String... cells) {
        page.append("<tr>");
        for (String cell : cells) page.append("<td>").append(cell).append("</td>");
        page.append("</tr>\n");
    }
}
