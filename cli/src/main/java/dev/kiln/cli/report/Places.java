package dev.kiln.cli.report;

import dev.kiln.compiler.graph.Origin;
import java.util.Optional;

/// Places in the text as they are said in a report.
final class Places {
    private Places() {}

    /// `digits.nn:7`, empty where nobody wrote it.
    static String of(Optional<Origin> origin) {
        return origin.map(o -> o.file().substring(o.file().lastIndexOf('/') + 1) + ":" + o.line()).orElse("");
    }

    /// The same behind something.
    static String note(Optional<Origin> origin) {
        return origin.map(_ -> "  (" + of(origin) + ")").orElse("");
    }
}
