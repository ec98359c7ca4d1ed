package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;

/// What must hold of the dims of a run before it starts, with the sentence to say when it does not.
public record DoorCheck(Dim left, Relation relation, Dim right, String message) {
    public enum Relation {
        EQUAL("=="), AT_LEAST(">=");

        private final String sign;

        Relation(String sign) {
            this.sign = sign;
        }

        @Override
        public String toString() {
            return sign;
        }
    }

    @Override
    public String toString() {
        return "%s %s %s".formatted(left, relation, right);
    }
}
