/// Random `.nn` programs that are right by construction: the compiler is held against the interpreter on them.
package dev.kiln.testkit.fuzz;
