package dev.kiln.compiler.kernel;

/// What a tile does to its accumulators before it stores them: at most two vector operations each. NaN goes through all of them.
public sealed interface Act {
    Act NONE = new None();
    Act RELU = new Relu();

    record None() implements Act {
        @Override
        public String toString() {
            return "none";
        }
    }

    /// `max(c, 0)`
    record Relu() implements Act {
        @Override
        public String toString() {
            return "relu";
        }
    }

    /// `min(max(c, low), high)`
    record Clip(float low, float high) implements Act {
        public Clip {
            if (!(low <= high)) throw new IllegalArgumentException("clip from " + low + " to " + high);
        }

        @Override
        public String toString() {
            return "clip(" + low + ", " + high + ")";
        }
    }

    /// `c * factor`
    record Scale(float factor) implements Act {
        @Override
        public String toString() {
            return "scale(" + factor + ")";
        }
    }
}
