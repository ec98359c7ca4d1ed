/// Scalar functions: one table in which an entry holds meaning, types, derivative, kink, samples, accuracy, laws and documentation.
package dev.kiln.compiler.function;
