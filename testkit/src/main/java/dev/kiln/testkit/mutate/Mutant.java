package dev.kiln.testkit.mutate;

/// One altered instruction.
/// @param type    the class, with slashes
/// @param method  name and descriptor
/// @param element which element of the method's code
/// @param change  which of the ways to alter it
/// @param what    the alteration in words
record Mutant(String type, String method, int element, int change, int line, String what) {
    /// `Algebra:42 lambda$static$7: mul for add`.
    @Override
    public String toString() {
        return "%s:%d %s: %s".formatted(type.substring(type.lastIndexOf('/') + 1), line, method.substring(0, method.indexOf('(')), what);
    }
}
