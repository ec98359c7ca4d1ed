package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;

/// A value that lies in memory between the kernel that makes it and one that reads it.
/// @param rule why the two are not one kernel
public record Boundary(Value from, Value reader, Apart rule) {}
