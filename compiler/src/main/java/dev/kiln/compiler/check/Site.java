package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;

/// Where an expression is elaborated: the names it sees and the body it stands in.
record Site(Scope scope, Frame frame) {
    Site inner(Scope scope) {
        return new Site(scope, frame);
    }

    /// The place to name in a message: inside the library it is the user's call.
    Span place(Span span) {
        return frame.home().isLibrary() ? frame.call() : span;
    }
}
