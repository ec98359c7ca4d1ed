package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.Span;
import java.util.List;
import java.util.Optional;

/// `test "title" { expect … }`: a closed graph and what is expected of it.
public record TestCase(Span span, String title, Graph graph, Parameters parameters, List<Expectation> expectations) {
    public TestCase {
        expectations = List.copyOf(expectations);
    }

    /// `expect actual near expected within tolerance`; without `near` the actual value is a condition.
    public record Expectation(Span span, Value actual, Optional<Near> near) {}

    /// Element by element. @param expected has the shape of the actual value
    public record Near(Value expected, double within) {}
}
