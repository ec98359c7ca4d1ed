package dev.kiln.compiler.api;

import dev.kiln.compiler.pack.JarWriter;
import dev.kiln.compiler.pack.Packed;
import dev.kiln.compiler.pack.RuntimeClasses;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;

/// A compiled network: to be trained or used at once, or written as a jar.
public final class Compiled {
    private final Packed packed;
    private final MemoryLoader loader;

    /// What the stages made.
    public Compiled(Packed packed) {
        this.packed = packed;
        this.loader = new MemoryLoader(packed.entries(), Compiled.class.getClassLoader());
    }

    public Model model() {
        return packed.model();
    }

    /// The classes and resources of the jar beside its weights, by path.
    public Map<String, byte[]> entries() {
        return packed.entries();
    }

    /// What has those classes loaded.
    public ClassLoader loader() {
        return loader;
    }

    /// New weights by the initialisers.
    public Weights weights(long seed) {
        return Weights.initial(model().parameters(), seed);
    }

    public Trainer trainer(long seed, Options options) {
        return Trainer.of(model().className(), loader, seed, options);
    }

    public Network network(Weights weights, Options options) {
        return Network.of(model().className(), loader, weights, options);
    }

    /// Writes the jar; the same source and weights give the same bytes.
    /// @param standalone with the runtime inside, so that `java -jar` needs nothing else
    public void writeJar(Path jar, Weights weights, boolean standalone) {
        var bytes = new ByteArrayOutputStream();
        try {
            weights.tensors(false, Map.of("network", model().name())).write(bytes);
            JarWriter.write(jar, packed, bytes.toByteArray(), standalone ? RuntimeClasses.all() : Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(jar + ": cannot be written", e);
        }
    }
}
