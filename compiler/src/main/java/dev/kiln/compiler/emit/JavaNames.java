package dev.kiln.compiler.emit;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Names of the user's text as Java takes them.
final class JavaNames {
    /// Words that Java keeps for itself, and methods that no component of a record may be called after.
    private static final Set<String> TAKEN = Set.of("_", "abstract", "assert", "boolean", "break", "byte", "case", "catch", "char", "class", "const", "continue", "default", "do", "double", "else",
            "enum", "extends", "final", "finally", "float", "for", "goto", "if", "implements", "import", "instanceof", "int", "interface", "long", "native", "new", "package", "private",
            "protected", "public", "return", "short", "static", "strictfp", "super", "switch", "synchronized", "this", "throw", "throws", "transient", "try", "void", "volatile", "while",
            "true", "false", "null", "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll", "toString", "wait");

    private JavaNames() {}

    /// The name itself, or with an underscore behind it where Java does not allow it.
    static String of(String name) {
        return TAKEN.contains(name) ? name + "_" : name;
    }

    /// The names, each with as many underscores as make it differ from those before it.
    static List<String> distinct(List<String> names) {
        List<String> distinct = new ArrayList<>();
        for (String name : names) {
            String candidate = of(name);
            while (distinct.contains(candidate)) candidate += "_";
            distinct.add(candidate);
        }
        return distinct;
    }
}
