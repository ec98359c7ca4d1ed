package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Optional;

/// One line of a summary.
/// @param name   the path of the layer that owns the parameters, else what the statement makes, with its line
/// @param output the type of its last value
/// @param parameters  learned numbers
/// @param operations  floating-point operations as a formula of the dims that are not bound; a multiplication and an addition are two
/// @param bytes  of its last value
/// @param field  how much of the input one element sees, where that is known
/// @param values that it computes
public record Layer(String name, TensorType output, long parameters, Dim operations, Dim bytes, Optional<Field> field, List<Value> values) {
    public Layer {
        values = List.copyOf(values);
    }
}
