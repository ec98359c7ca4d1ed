package dev.kiln.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The classes behind `FloatVector` and `IntVector`, which the JDK keeps to itself. Kernels name them before they call a method of a vector, as
/// `if (x.getClass() != VectorClass.Lanes16.FLOAT) throw null;`: see [#of].
public final class VectorClass {
    private VectorClass() {}

    /// Vectors of two lanes.
    public static final class Lanes2 {
        public static final Class<?> FLOAT = of(FloatVector.SPECIES_64);
        public static final Class<?> INT = of(IntVector.SPECIES_64);

        private Lanes2() {}
    }

    /// Vectors of four lanes.
    public static final class Lanes4 {
        public static final Class<?> FLOAT = of(FloatVector.SPECIES_128);
        public static final Class<?> INT = of(IntVector.SPECIES_128);

        private Lanes4() {}
    }

    /// Vectors of eight lanes.
    public static final class Lanes8 {
        public static final Class<?> FLOAT = of(FloatVector.SPECIES_256);
        public static final Class<?> INT = of(IntVector.SPECIES_256);

        private Lanes8() {}
    }

    /// Vectors of sixteen lanes.
    public static final class Lanes16 {
        public static final Class<?> FLOAT = of(FloatVector.SPECIES_512);
        public static final Class<?> INT = of(IntVector.SPECIES_512);

        private Lanes16() {}
    }

    /// C2 keeps a vector in a register if it knows its class where a method of it is called, and makes a box if not. What a loop carries or a call returned is any `FloatVector`
    /// to it; then it believes the profile of `FloatVector.add`, which all kernels of the JVM share: once vectors of two lengths have gone through it, or guesses about it have
    /// failed a few times (100, counted once more for each place that it is inlined at), every kernel that is compiled from then on makes boxes for good. A comparison
    /// with a constant class needs no profile, and costs nothing in what C2 makes of it.
    private static Class<?> of(VectorSpecies<?> species) {
        return species.vectorType();
    }
}
