/// Mutation testing of the compiler: its classes are altered one instruction at a time while it runs, and the corpus must notice.
package dev.kiln.testkit.mutate;
