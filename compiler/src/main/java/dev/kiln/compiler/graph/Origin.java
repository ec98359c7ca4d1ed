package dev.kiln.compiler.graph;

/// Where in the user's text a value comes from, and what it is called there (empty when it has no name).
public record Origin(String file, int line, String name) {
    @Override
    public String toString() {
        return file.substring(file.lastIndexOf('/') + 1) + ":" + line + (name.isEmpty() ? "" : " " + name);
    }
}
