package dev.kiln.testkit.mutate;

import java.lang.instrument.ClassDefinition;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;

/// Swaps the code of loaded classes; the JVM of a mutation run starts with it.
public final class Agent {
    private static volatile Instrumentation instrumentation;

    private Agent() {}

    /// What the JVM calls first.
    public static void premain(String arguments, Instrumentation given) {
        instrumentation = given;
    }

    static void redefine(String type, byte[] bytes) {
        try {
            instrumentation.redefineClasses(new ClassDefinition(Class.forName(type.replace('/', '.')), bytes));
        } catch (ClassNotFoundException | UnmodifiableClassException e) {
            throw new IllegalStateException(e);
        }
    }
}
