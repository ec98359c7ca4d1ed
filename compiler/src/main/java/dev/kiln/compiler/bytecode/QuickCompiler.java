package dev.kiln.compiler.bytecode;

import java.util.Map;

/// What a method asks of the JVM's quick compiler (C1), which inlines each call of the Vector API whole and has so many virtual registers for a method and no more. A method beyond them has
/// no profile, and without that the best compiler never gets it: it makes boxes for good, some 50 times too slow.
///
/// Calls are weighed in thousandths of what a method may have. Measured with JDK 25 at 512 and 256 bit (`docs/decisions/0025-warm-up.md`); of 3266 larger methods all that were
/// taken stand below 993, and all but one that were not above 1004.
final class QuickCompiler {
    /// Somewhat less than the one that stood at 983 and was not taken.
    static final double MOST = 960;

    private static final double SIMPLE = 1.6;
    private static final double CHOICE = 0.6;
    private static final Map<String, Double> CALLS = Map.ofEntries(
            Map.entry("fromArray", 10.0), Map.entry("intoArray", 9.0), Map.entry("convert", 5.4), Map.entry("toArray", 5.0), Map.entry("maskAll", 4.3), Map.entry("broadcast", 4.2),
            Map.entry("addIndex", 2.5), Map.entry("reinterpretAsInts", 2.2), Map.entry("reinterpretAsFloats", 2.2), Map.entry("loadLoadFence", 1.8), Map.entry("fma", 1.5), Map.entry("getClass", 1.4),
            Map.entry("compare", CHOICE), Map.entry("blend", CHOICE));

    private QuickCompiler() {}

    static double weight(Method method) {
        boolean shifts = method.name().equals("lanewise") && Types.isInt(method.type().parameterType(1));
        return shifts ? 2.8 : CALLS.getOrDefault(method.name(), Types.isVector(method.owner()) ? SIMPLE : 0);
    }
}
