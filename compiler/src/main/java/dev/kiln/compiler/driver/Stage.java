package dev.kiln.compiler.driver;

import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/// One stage of the compiler: what it makes of its input, what must hold of the result, and how the result reads.
record Stage<A, B>(String name, String summary, BiFunction<Compilation, A, B> step, Consumer<B> verify, Function<B, String> print) {}
