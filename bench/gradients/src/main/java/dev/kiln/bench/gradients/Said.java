package dev.kiln.bench.gradients;

/// What a checker said of a case.
/// @param verdict PASS, FAIL or INCONCLUSIVE
record Said(String verdict, String message, double milliseconds) {
    private static final int SHOWN = 220;

    /// Right when it fails what is wrong and passes what is right.
    boolean isRight(Case of) {
        return verdict.equals(of.right() ? "PASS" : "FAIL");
    }

    String cell(Case of) {
        String shown = message.length() <= SHOWN ? message : message.substring(0, SHOWN) + " …";
        return "%s%s, %.0f ms%s".formatted(verdict, isRight(of) ? "" : " ✗", milliseconds, shown.isEmpty() ? "" : ": " + shown.replace("|", "\\|"));
    }
}
