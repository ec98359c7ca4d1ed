package dev.kiln.compiler.bytecode;

import java.lang.constant.ClassDesc;

/// A class file and the same as readable Java.
@SuppressWarnings("ArrayRecordComponent")
public record GeneratedClass(ClassDesc name, byte[] bytes, String listing) {
    /// Its place in a jar.
    public String path() {
        return Types.internal(name) + ".class";
    }
}
