/// The typed graph: values, operator families, programs, their printer and their verifier.
package dev.kiln.compiler.graph;
