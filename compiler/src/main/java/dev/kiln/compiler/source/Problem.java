package dev.kiln.compiler.source;

import java.util.List;

/// One thing that is wrong with a `.nn` file, as data. [Report] says it in words; `kiln explain` shows an example of each kind.
/// A new kind is a record in one of the two families, its arm in the family's words, and an example file.
public sealed interface Problem permits SyntaxProblem, CheckProblem {
    /// Where the mistake is.
    Span span();

    /// The other places that explain it.
    default List<Origin> origins() {
        return List.of();
    }

    /// The name of the kind, as in `error[ShapeMismatch]`.
    default String code() {
        return getClass().getSimpleName();
    }
}
