/// What a tensor is: element types, symbolic dims in a normal form, and the solver that matches signatures with actual shapes.
package dev.kiln.compiler.type;
