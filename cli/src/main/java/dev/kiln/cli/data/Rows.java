package dev.kiln.cli.data;

import java.nio.file.Path;

/// What makes rows of a data file.
public interface Rows {
    void read(Path path, Sink sink);
}
