package dev.kiln.bench;

/// One line of the contract: a name, and how it is measured.
interface Item {
    String name();

    /// Prepares, measures and compares.
    /// @throws BenchException when a result is wrong or something does not work
    Outcome measure(Settings settings);
}
