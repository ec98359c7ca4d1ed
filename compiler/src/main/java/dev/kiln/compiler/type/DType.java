package dev.kiln.compiler.type;

/// The type of an element. Spelled as in `.nn`.
@SuppressWarnings("JavaLangClash")
public enum DType {
    f32,
    i32,
    bool
}
