package dev.kiln.cli;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Weights;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/// What a jar holds as files in a folder, for builds that compile other classes against it.
final class ClassFolder {
    private ClassFolder() {}

    /// Writes the files that differ: a file that stays as it is keeps its time, so nothing that hangs on it is built again.
    static void write(Compiled compiled, Weights weights, Path folder) throws IOException {
        for (Map.Entry<String, byte[]> entry : compiled.entries().entrySet()) {
            write(folder.resolve(entry.getKey()), entry.getValue());
        }
        ByteArrayOutputStream tensors = new ByteArrayOutputStream();
        weights.tensors(false, Map.of("network", compiled.model().name())).write(tensors);
        write(folder.resolve(Model.weightsResource(compiled.model().className())), tensors.toByteArray());
    }

    private static void write(Path file, byte... bytes) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), bytes)) {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        }
    }
}
