package dev.kiln.compiler.kernel;

import dev.kiln.runtime.Width;
import java.lang.constant.MethodTypeDesc;
import java.util.List;

/// What distinguishes one kernel class from another: equal keys are one class in each width. Prints on one line.
///
/// A class has one entry, `public static void run(...)`. All arrays are `float[]` with an int offset.
public sealed interface KernelKey permits TileKey, PairKey, ChannelKey, SlideKey, RowsKey, WindowKey, TransformKey {
    /// The simple name of the class: short, legal in Java, the same in every run.
    String className();

    /// What `run` takes, in the order of [#descriptor].
    List<Parameter> parameters();

    /// The parameter that is negative in an idle call. Such a call touches no array: each method that it comes to turns an empty loop as often as the number says and returns.
    /// So the JVM counts calls and turns of what is to be compiled, at no cost.
    String idle();

    default MethodTypeDesc descriptor() {
        return Parameter.descriptor(parameters());
    }

    /// The last part of the name of the package that holds the kernels of a width.
    static String packageName(Width width) {
        return switch (width) {
            case W512 -> "k512";
            case W256 -> "k256";
            case W128 -> "k128";
            case W1 -> "k1";
        };
    }
}
