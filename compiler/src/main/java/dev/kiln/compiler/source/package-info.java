/// Text, places, what can be wrong and how it is said.
package dev.kiln.compiler.source;
