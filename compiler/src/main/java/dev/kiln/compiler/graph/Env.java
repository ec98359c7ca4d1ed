package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// What a formula may ask of the world: the sizes of dims, inputs, parameters, chance, the ports of a body.
public interface Env {
    /// The number a symbolic dim stands for in this run.
    long size(Dim dim);

    Array input(String name);

    Array parameter(String name);

    /// Uniform in [0, 1) for element `index` of the draw named `key`: Threefry-2x32 with 13 rounds, the same bits as the compiled code.
    double uniform(String key, long index);

    /// What the body of a loop is given at its port `index`; outside of bodies there are none.
    default Array port(int index) {
        throw new IllegalStateException("port %d is read outside of a body".formatted(index));
    }

    /// Told each value as soon as it is computed, those inside bodies too: for whoever watches a run.
    default void computed(Value v, List<Array> operands, Array y) {}

    default int[] shape(TensorType type) {
        return type.shape().stream().mapToInt(d -> Math.toIntExact(size(d))).toArray();
    }

    /// Hands on what it is asked: whoever watches a run or changes it says only what differs.
    interface Around extends Env {
        Env world();

        @Override
        default long size(Dim dim) {
            return world().size(dim);
        }

        @Override
        default Array input(String name) {
            return world().input(name);
        }

        @Override
        default Array parameter(String name) {
            return world().parameter(name);
        }

        @Override
        default double uniform(String key, long index) {
            return world().uniform(key, index);
        }

        @Override
        default Array port(int index) {
            return world().port(index);
        }

        @Override
        default void computed(Value v, List<Array> operands, Array y) {
            world().computed(v, operands, y);
        }
    }
}
