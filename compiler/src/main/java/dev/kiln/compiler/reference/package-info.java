/// The interpreter in double: slow, obvious, the oracle of all compiled code.
package dev.kiln.compiler.reference;
