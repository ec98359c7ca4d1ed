package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// `property "title" { … }`, or the promise that a `gradient(…)` makes: sizes and whole numbers to choose, and for each choice of them a closed graph and what is claimed of it.
/// @param choices in the order of the text
/// @param at      elaborates for one number a choice
public record PropertyCase(Span span, String title, List<Choice> choices, Function<List<Long>, Drawing> at) {
    public PropertyCase {
        choices = List.copyOf(choices);
    }

    /// A whole number from `low` to `high`. @param what `n`, or `axis 0 of x`
    public record Choice(String what, long low, long high) {}

    /// One choice, elaborated.
    /// @param problems of the text at these sizes; when there are some, nothing else counts
    /// @param doors    what is drawn anew for each try
    /// @param dims     the axes that have names, with their sizes: those of rows that end early
    /// @param lengths  the inputs that say where rows end, each with the axis that ends there
    public record Drawing(Graph graph, Parameters parameters, List<Door> doors, List<TestCase.Expectation> expectations, List<Gradient> gradients, List<String> problems, Map<String, Long> dims, Map<String, Dim> lengths) {
        public Drawing {
            dims = Map.copyOf(dims);
            lengths = Map.copyOf(lengths);
            doors = List.copyOf(doors);
            expectations = List.copyOf(expectations);
            gradients = List.copyOf(gradients);
            problems = List.copyOf(problems);
        }
    }

    /// An input and the range of its values; of an i32 input both ends count.
    public record Door(Value input, double low, double high) {}

    /// `gradcheck value over …`: with respect to what is drawn and to every weight.
    public record Gradient(Span span, Value value) {}
}
