/// Reverse-mode differentiation on the graph, before any optimisation.
package dev.kiln.compiler.autodiff;
