package dev.kiln.bench;

/// The layers of the networks that learn, in a library that learns. Each takes its parameters in the order of the `.nn` text.
///
/// @param <V> the library's tensor
public interface Layers<V> {
    V dense(V x);

    V relu(V x);

    /// 5x5, the size of the image stays.
    V conv(V x);

    /// The maximum of 2x2.
    V pool(V x);

    /// From an image to one row.
    V flatten(V x);

    /// A network up to its logits.
    @FunctionalInterface
    interface Network {
        <V> V logits(Layers<V> layers, V x);
    }

    static <V> V mlp(Layers<V> layers, V x) {
        return layers.dense(layers.relu(layers.dense(layers.relu(layers.dense(x)))));
    }

    static <V> V lenet(Layers<V> layers, V x) {
        V h = layers.pool(layers.relu(layers.conv(x)));
        V k = layers.pool(layers.relu(layers.conv(h)));
        return layers.dense(layers.relu(layers.dense(layers.flatten(k))));
    }
}
