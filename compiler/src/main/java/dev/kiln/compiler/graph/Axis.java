package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;

/// An axis of a contraction. Its role follows from who reads it: row (A and out), column (B and out), batch (both and out), reduce (not in out).
public record Axis(String name, Dim extent) {}
