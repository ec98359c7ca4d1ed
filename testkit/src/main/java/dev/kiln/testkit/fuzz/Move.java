package dev.kiln.testkit.fuzz;

import java.util.Optional;

/// One way to go on from a value.
@FunctionalInterface
interface Move {
    /// The statement, or nothing where it does not fit the form of `x`.
    Optional<Step> from(Author author, String x, Form form);
}
