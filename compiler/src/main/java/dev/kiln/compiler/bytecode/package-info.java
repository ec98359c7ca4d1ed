/// A structured builder of class files, the only room that knows ASM. Expressions print as Java while they are emitted, so every method has a listing.
package dev.kiln.compiler.bytecode;
