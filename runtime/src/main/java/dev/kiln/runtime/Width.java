package dev.kiln.runtime;

import java.util.Locale;
import jdk.incubator.vector.FloatVector;

/// The vector width of a set of kernels. A set wider than the machine costs 70x, so it is chosen when a network is loaded.
public enum Width {
    W512(16),
    W256(8),
    W128(4),
    /// Plain Java without the vector module.
    W1(1);

    /// Set to 512, 256, 128 or 1 to override the choice.
    public static final String PROPERTY = "kiln.width";

    private final int lanes;

    Width(int lanes) {
        this.lanes = lanes;
    }

    /// Floats in a vector.
    public int lanes() {
        return lanes;
    }

    /// The width this machine and JVM run best, or the one that the system property names. Without the vector module it is `W1`, and one log line says which flag to add.
    public static Width preferred() {
        Width given = given();
        return given != null ? given : Machine.width();
    }

    /// The width where it takes no look at the machine to know it, else null.
    static Width given() {
        String bits = System.getProperty(PROPERTY);
        Width asked = bits == null ? null : parse(bits);
        if (asked == W1 || VectorModule.READABLE) return asked;
        VectorModule.warnOnce();
        return W1;
    }

    private static Width parse(String bits) {
        return switch (bits) {
            case "512" -> W512;
            case "256" -> W256;
            case "128" -> W128;
            case "1" -> W1;
            default -> throw new IllegalArgumentException("-D" + PROPERTY + "=" + bits + ": must be 512, 256, 128 or 1");
        };
    }

    /// Whether vector classes may be touched at all. They are looked for by name: a module that the launcher loaded late is in no layer one could ask.
    private static final class VectorModule {
        static final boolean READABLE = readable();
        private static boolean warned;

        private static boolean readable() {
            try {
                Class<?> vector = Class.forName("jdk.incubator.vector.FloatVector", false, Width.class.getClassLoader());
                return Width.class.getModule().canRead(vector.getModule());
            } catch (ClassNotFoundException | LinkageError _) {
                return false;
            }
        }

        static synchronized void warnOnce() {
            if (warned) return;
            warned = true;
            System.getLogger("dev.kiln.runtime").log(System.Logger.Level.WARNING,
                    "Java's vector module is not readable, networks run on slower scalar kernels. For full speed start java with --add-modules jdk.incubator.vector");
        }
    }

    /// A class of its own, so that the vector module is touched only after the check.
    private static final class Machine {
        static Width width() {
            String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
            // the fences in the wider kernels are free on x86 only
            if (!architecture.equals("amd64") && !architecture.equals("x86_64")) return W128;
            int lanes = FloatVector.SPECIES_PREFERRED.length();
            return lanes >= 16 ? W512 : lanes >= 8 ? W256 : W128;
        }
    }
}
