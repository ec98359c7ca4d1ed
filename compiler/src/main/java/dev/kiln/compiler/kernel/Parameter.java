package dev.kiln.compiler.kernel;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.stream.Stream;

/// One parameter of a kernel's `run`: a `float[]` or an int.
public record Parameter(String name, ClassDesc type) {
    private static final ClassDesc FLOATS = ConstantDescs.CD_float.arrayType();

    public static Parameter integer(String name) {
        return new Parameter(name, ConstantDescs.CD_int);
    }

    /// An array and where it starts: `float[] name, int nameO`.
    static Stream<Parameter> array(String name) {
        return Stream.of(new Parameter(name, FLOATS), integer(name + "O"));
    }

    static Stream<Parameter> integers(String... names) {
        return Stream.of(names).map(Parameter::integer);
    }

    static MethodTypeDesc descriptor(List<Parameter> parameters) {
        return MethodTypeDesc.of(ConstantDescs.CD_void, parameters.stream().map(Parameter::type).toList());
    }
}
