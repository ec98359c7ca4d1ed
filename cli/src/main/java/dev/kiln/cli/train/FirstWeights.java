package dev.kiln.cli.train;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.TrainingSpec;
import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.SafeTensors;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Weights;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// `load part from "file"`: weights begin with those of a file. A file with one tensor fits a part of one weight, whatever it is called; else the names must be those of the network.
public final class FirstWeights {
    private FirstWeights() {}

    /// Reads the files and sets the weights they are for.
    /// @param source the `.nn` file, which paths are relative to
    public static void load(List<TrainingSpec.Load> loads, Path source, Weights weights) {
        for (TrainingSpec.Load load : loads) {
            Path file = source.resolveSibling(load.file());
            if (!Files.isRegularFile(file)) throw UserError.input("load %s: there is no file %s", load.part(), file);
            Map<String, Tensor> given = SafeTensors.read(file).tensors();
            List<String> names = weights.parameters().stream().map(ParameterSpec::name).filter(load::covers).toList();
            for (String name : names) {
                Tensor tensor = names.size() == 1 && given.size() == 1 ? given.values().iterator().next() : given.get(name);
                if (tensor == null) throw UserError.input("load %s: %s holds no %s, but %s", load.part(), file, name, String.join(", ", given.keySet()));
                weights.set(name, tensor);
            }
        }
    }
}
