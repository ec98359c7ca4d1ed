package dev.kiln.cli;

import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.compiler.check.TrainingSpec;
import dev.kiln.compiler.source.SourceFile;
import java.nio.file.Path;

/// What a `.nn` file says about training.
final class Training {
    private Training() {}

    /// The network of that name, checked; it has a train block.
    static Checked.Model model(SourceFile source, String network) {
        return Sources.checked(source).model(network).filter(model -> model.training().isPresent())
                .orElseThrow(() -> UserError.input("%s has no train block for %s, so there is nothing to learn from", source.name(), network));
    }

    static TrainingSpec of(SourceFile source, String network) {
        return model(source, network).training().orElseThrow();
    }

    static DataSpec data(TrainingSpec training, String network) {
        return training.data()
                .orElseThrow(() -> UserError.input("train %s names no data; add a line such as data csv(\"rows.csv\", batch: 64) { … }", network));
    }

    /// Paths in a `.nn` file start from its folder.
    static Path path(Path source, DataSpec data) {
        return source.toAbsolutePath().getParent().resolve(data.path()).normalize();
    }
}
