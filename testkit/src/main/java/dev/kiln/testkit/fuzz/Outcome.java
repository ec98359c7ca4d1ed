package dev.kiln.testkit.fuzz;

/// What became of a random program.
public sealed interface Outcome {
    /// Compiled code and interpreter agree at every width.
    record Agreed() implements Outcome {}

    /// The checker refuses the program, or a door refuses the sizes. The author means to write none of those.
    record Refused(String report) implements Outcome {}

    /// What must never be.
    /// @param kind one line that stays the same while the program is made smaller: who failed, and how
    record Wrong(String kind, Throwable cause) implements Outcome {
        @Override
        public String toString() {
            return kind + ": " + cause.getMessage();
        }
    }
}
