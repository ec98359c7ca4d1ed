package dev.kiln.compiler.kernel;

/// A node's value goes out through a port.
public record Store(int node, int port) {
    @Override
    public String toString() {
        return "n" + node + " > p" + port;
    }
}
