package dev.kiln.compiler.pack;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.emit.Emitted;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.StepFacts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the jar of a network holds beside its weights: classes, description and source, by their paths.
public record Packed(Model model, Map<String, byte[]> entries) {
    static final String FOLDER = "META-INF/nn/";

    /// Everything but the weights.
    /// @param neighbours the files that `source` uses; in the jar they lie beside it as they did for the compiler
    public static Packed of(Emitted emitted, SourceFile source, List<SourceFile> neighbours) {
        var entries = new TreeMap<String, byte[]>();
        for (GeneratedClass c : emitted.classes())
            if (entries.put(c.path(), c.bytes()) != null) throw new IllegalStateException("two classes at " + c.path());
        entries.put(Model.resource(emitted.model().className()), emitted.model().toJson().getBytes(StandardCharsets.UTF_8));
        entries.put(StepFacts.resource(emitted.model().className()), StepFacts.print(emitted.steps()).getBytes(StandardCharsets.UTF_8));
        entries.put(Model.folder(emitted.model().className()) + emitted.model().facts().get("source"), source.text().getBytes(StandardCharsets.UTF_8));
        var home = Path.of(source.name()).toAbsolutePath().getParent();
        for (SourceFile n : neighbours) {
            var path = home.relativize(Path.of(n.name()).toAbsolutePath()).toString().replace('\\', '/');
            entries.put(Model.folder(emitted.model().className()) + path, n.text().getBytes(StandardCharsets.UTF_8));
        }
        return new Packed(emitted.model(), entries);
    }

    public String dump() {
        var text = new StringBuilder();
        entries.forEach((path, bytes) -> text.append("%8d  %s%n".formatted(bytes.length, path)));
        return text.toString();
    }
}
