/// The operators, one file each; [dev.kiln.compiler.op.Ops] is the table of contents.
package dev.kiln.compiler.op;
