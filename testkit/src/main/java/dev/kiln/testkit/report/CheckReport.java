package dev.kiln.testkit.report;

import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.gradient.Oracles;
import dev.kiln.testkit.gradient.PropertyRun;
import java.util.List;
import java.util.Optional;

/// Everything that checking one file found.
/// @param replayed samples kept from earlier checks: their subjects, and what is still wrong
public record CheckReport(String file, long seed, List<Replayed> replayed, List<Property> properties, List<Network> networks) {
    public CheckReport {
        replayed = List.copyOf(replayed);
        properties = List.copyOf(properties);
        networks = List.copyOf(networks);
    }

    /// A sample kept from an earlier check. @param wrong empty when it is right now
    public record Replayed(String subject, Optional<String> wrong) {}

    /// A claim of the file, or what a `gradient(…)` promises.
    public record Property(PropertyRun.Outcome outcome, double seconds) {}

    /// A network. @param oracles empty when compiled code was not looked at
    public record Network(ModelReport report, Optional<Oracles> oracles, double seconds) {
        public boolean failed() {
            return report.failed() || oracles.filter(Oracles::failed).isPresent();
        }

        /// The blame of a wrong gradient.
        String blame() {
            return report.failure().map(f -> f.blame().map(Object::toString).orElse("every node on its own is right: gradients are added up wrongly")).orElse("");
        }
    }

    /// Whether anything is wrong.
    public boolean failed() {
        return replayed.stream().anyMatch(r -> r.wrong.isPresent()) || properties.stream().anyMatch(p -> p.outcome.failed()) || networks.stream().anyMatch(Network::failed);
    }
}
