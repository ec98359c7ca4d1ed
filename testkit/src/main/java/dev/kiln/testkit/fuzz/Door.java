package dev.kiln.testkit.fuzz;

/// An input of a random program.
/// @param bound what ids are below; 0 for real numbers
/// @param training whether it belongs to `train`
record Door(String name, Form form, int bound, boolean training) {
    String declaration() {
        return "in %s: %s".formatted(name, form.type(bound > 0 ? "i32" : "f32"));
    }
}
