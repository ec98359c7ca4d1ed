package dev.kiln.compiler.kernel;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Parts of class names.
final class Names {
    private Names() {}

    /// Eight hexadecimal digits that depend on the text alone.
    static String hash(String text) {
        var sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.UTF_8));
        return "%08x".formatted((int) sum.getValue());
    }

    /// What the end of a tile adds to the name of its class.
    static String of(Act act) {
        return switch (act) {
            case Act.None _ -> "";
            case Act.Relu _ -> "Relu";
            case Act.Clip _, Act.Scale _ -> act.getClass().getSimpleName() + hash(act.toString());
        };
    }

    /// `BIAS_RESIDUAL` as `BiasResidual`.
    static String camel(Enum<?> constant) {
        var text = new StringBuilder();
        boolean first = true;
        for (char c : constant.name().toCharArray()) {
            if (c != '_') text.append(first ? c : Character.toLowerCase(c));
            first = c == '_';
        }
        return text.toString();
    }
}
