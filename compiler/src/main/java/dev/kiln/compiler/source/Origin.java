package dev.kiln.compiler.source;

/// A second place that a problem speaks of, and what is to be said there: `- width = 6`.
public record Origin(Span span, String note) {}
