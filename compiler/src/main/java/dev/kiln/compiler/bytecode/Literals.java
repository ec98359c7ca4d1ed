package dev.kiln.compiler.bytecode;

/// Literals as Java writes them.
final class Literals {
    private Literals() {}

    static String text(float value) {
        if (Float.isNaN(value)) return "Float.NaN";
        if (Float.isInfinite(value)) return value > 0 ? "Float.POSITIVE_INFINITY" : "Float.NEGATIVE_INFINITY";
        return value == Math.rint(value) && Math.abs(value) < 1e6f ? (int) value + "f" : value + "f";
    }

    static String text(String value) {
        return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
