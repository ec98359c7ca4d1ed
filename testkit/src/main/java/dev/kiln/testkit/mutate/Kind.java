package dev.kiln.testkit.mutate;

import dev.kiln.compiler.op.Ops;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What is altered.
public enum Kind {
    /// The gradient rules of operators and how they are put together; not what decides which values are kept or need no gradient.
    GRADIENT,
    /// The rules of simplification and normalisation.
    REWRITE,
    /// Where values lie, and the loops and strides of kernels.
    SCHEDULE;

    private static final String ROOT = "dev/kiln/compiler/";

    private List<String> folders() {
        return switch (this) {
            case GRADIENT -> List.of("op", "autodiff");
            case REWRITE -> List.of("rewrite", "normalise");
            case SCHEDULE -> List.of("layout", "schedule");
        };
    }

    private boolean alters(String type) {
        return switch (this) {
            case GRADIENT -> !type.matches(".*/(Ops|Forward.*|WithGradient|Declared.*|StopGradient|Residuals.*|Dependence)");
            case REWRITE -> !type.matches(".*/(Rewriter.*|Rule.*|Simplify|Site|Normalise)");
            case SCHEDULE -> true;
        };
    }

    private boolean alters(String type, String method) {
        if (method.matches("<clinit>|toString|dump")) return false;
        return switch (this) {
            case GRADIENT -> method.matches("gradient|lambda\\$gradient\\$\\d+") || type.matches(".*/(ContractGradient|autodiff/.*)");
            case REWRITE, SCHEDULE -> true;
        };
    }

    /// Every mutant there is, in the order of the classes.
    List<Mutant> mutants() {
        return folders().stream().flatMap(folder -> types(folder).stream()).filter(this::alters).flatMap(type -> Classes.mutants(type, method -> alters(type, method)).stream()).toList();
    }

    /// The classes of one package, whether they lie in a folder or a jar.
    private static List<String> types(String folder) {
        try {
            Path place = Path.of(Ops.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(place)) return listed(place, folder);
            try (FileSystem jar = FileSystems.newFileSystem(place)) {
                return listed(jar.getPath("/"), folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> listed(Path root, String folder) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(ROOT + folder))) {
            return files.map(f -> f.getFileName().toString()).filter(name -> name.endsWith(".class") && !name.equals("package-info.class")).sorted().map(name -> ROOT + folder + "/" + name.substring(0, name.length() - ".class".length())).toList();
        }
    }
}
