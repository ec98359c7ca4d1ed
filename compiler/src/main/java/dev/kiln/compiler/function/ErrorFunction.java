package dev.kiln.compiler.function;

/// The error function in double: the Maclaurin series near zero, the continued fraction of the complement beyond.
final class ErrorFunction {
    private ErrorFunction() {}

    static double erf(double x) {
        double a = Math.abs(x);
        if (Double.isNaN(x)) return x;
        if (a > 6) return Math.signum(x);
        return Math.copySign(a < 2.5 ? series(a) : 1 - complement(a), x);
    }

    /// `2/√π e^(-a²) Σ 2ⁿ a^(2n+1) / (1·3·…·(2n+1))`: all terms positive, so nothing cancels.
    private static double series(double a) {
        double term = a;
        double sum = a;
        for (int n = 1; term > sum * 1e-18; n++) {
            term *= 2 * a * a / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.sqrt(Math.PI) * Math.exp(-a * a) * sum;
    }

    /// `e^(-a²)/√π · 1/(a + (1/2)/(a + (2/2)/(a + …)))`.
    private static double complement(double a) {
        double fraction = 0;
        for (int n = 120; n >= 1; n--) fraction = n / 2.0 / (a + fraction);
        return Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
    }
}
