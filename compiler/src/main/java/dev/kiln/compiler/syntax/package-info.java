/// Text to tree: the syntax tree, its builder over the ANTLR grammar, and the formatter.
package dev.kiln.compiler.syntax;
