package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import java.util.List;
import java.util.Optional;

/// What a file holds once it is checked. Without problems there is a model for each network.
/// @param neighbours the files that `use ./…` brought in
public record Checked(Ast.File file, List<SourceFile> neighbours, List<Model> models, List<TestCase> tests, List<PropertyCase> properties) {
    public Checked {
        neighbours = List.copyOf(neighbours);
        models = List.copyOf(models);
        tests = List.copyOf(tests);
        properties = List.copyOf(properties);
    }

    /// A network and how it is trained.
    public record Model(Program program, Optional<TrainingSpec> training) {}

    public Optional<Model> model(String name) {
        return models.stream().filter(m -> m.program().name().equals(name)).findFirst();
    }
}
