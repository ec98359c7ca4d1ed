package dev.kiln.testkit.gradient;

/// What comparing two derivatives gave.
public sealed interface Verdict {
    /// They agree within the error budget.
    record Pass() implements Verdict {
        @Override
        public String toString() {
            return "PASS";
        }
    }

    /// They differ by more than any error explains.
    record Fail() implements Verdict {
        @Override
        public String toString() {
            return "FAIL";
        }
    }

    /// The sample cannot tell.
    record Inconclusive(String reason) implements Verdict {
        @Override
        public String toString() {
            return "INCONCLUSIVE (" + reason + ")";
        }
    }
}
