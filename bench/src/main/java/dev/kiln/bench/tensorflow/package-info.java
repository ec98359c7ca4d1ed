/// TensorFlow, through its Java library.
package dev.kiln.bench.tensorflow;
