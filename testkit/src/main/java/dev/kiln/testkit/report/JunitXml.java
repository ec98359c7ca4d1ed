package dev.kiln.testkit.report;

import static dev.kiln.testkit.report.Markup.escape;

import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.Oracles;
import dev.kiln.testkit.gradient.Verdict;
import dev.kiln.testkit.report.CheckReport.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A report in the form that build servers read: one test case for each sample, property, weight and oracle.
public final class JunitXml {
    private JunitXml() {}

    private record Case(String group, String name, double seconds, Optional<String> failure, Optional<String> skipped) {}

    public static String of(CheckReport report) {
        var cases = new ArrayList<Case>();
        report.replayed().forEach(r -> cases.add(new Case("kept", r.subject(), 0, r.wrong(), Optional.empty())));
        report.properties().forEach(p -> cases.add(new Case("properties", p.outcome().title(), p.seconds(), p.outcome().failure().map(Object::toString), Optional.empty())));
        report.networks().forEach(n -> network(n, cases));
        long failures = cases.stream().filter(c -> c.failure.isPresent()).count();
        long skipped = cases.stream().filter(c -> c.skipped.isPresent()).count();
        double seconds = cases.stream().mapToDouble(Case::seconds).sum();
        var xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append("<testsuite name=\"kiln gradcheck %s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"%d\" time=\"%s\">\n".formatted(escape(report.file()), cases.size(), failures, skipped, time(seconds)));
        cases.forEach(c -> xml.append(print(c)));
        return xml.append("</testsuite>\n").toString();
    }

    private static void network(Network network, List<Case> cases) {
        String name = network.report().name();
        boolean first = true;
        for (Finding f : network.report().findings()) {
            Optional<String> failure = f.failed() ? Optional.of(f + (first ? "\n" + network.blame() : "")) : Optional.empty();
            first &= !f.failed();
            cases.add(new Case(name, f.name(), network.seconds() / network.report().findings().size(), failure, f.verdict() instanceof Verdict.Inconclusive(String reason) ? Optional.of(reason) : Optional.empty()));
        }
        boolean apart = network.report().failed() && first;
        cases.add(new Case(name, "forward against reverse", 0, apart ? Optional.of("relative distance %.1e%n%s".formatted(network.report().dual(), network.blame())) : Optional.empty(), Optional.empty()));
        network.oracles().ifPresent(o -> cases.add(compiled(name, o)));
    }

    private static Case compiled(String name, Oracles oracles) {
        return new Case(name, "compiled code", 0, oracles.failed() ? Optional.of(String.join("\n", oracles.disagreements())) : Optional.empty(), oracles.failed() ? Optional.empty() : oracles.missing());
    }

    private static String print(Case c) {
        String head = "  <testcase classname=\"%s\" name=\"%s\" time=\"%s\"".formatted(escape(c.group), escape(c.name), time(c.seconds));
        if (c.failure.isPresent()) return head + "><failure message=\"%s\">%s</failure></testcase>\n".formatted(escape(c.failure.get().lines().findFirst().orElse("")), escape(c.failure.get()));
        return c.skipped.map(reason -> head + "><skipped message=\"%s\"/></testcase>\n".formatted(escape(reason))).orElse(head + "/>\n");
    }

    private static String time(double seconds) {
        return String.format(Locale.ROOT, "%.3f", seconds);
    }
}
