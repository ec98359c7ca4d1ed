package dev.kiln.cli.data;

/// Takes what a reader finds, in the order of the file.
interface Sink {
    /// Called once, before the first row.
    void header(Header header);

    /// The row is valid only during the call.
    void row(Row row);
}
