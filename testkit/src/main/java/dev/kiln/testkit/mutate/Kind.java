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
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// What is altered.
public enum Kind {
    /// The gradient rules of operators and how they are put together.
    GRADIENT(List.of("op", "autodiff"), type -> !type.matches(".*/(Ops|Forward.*|WithGradient|Declared.*|StopGradient)"), Kind::isGradient),
    /// The rules of simplification and normalisation.
    REWRITE(List.of("rewrite", "normalise"), type -> !type.matches(".*/(Rewriter.*|Rule.*|Simplify|Site|Normalise)"), (_, method) -> !method.equals("<clinit>")),
    /// Where values lie, and the loops and strides of kernels.
    SCHEDULE(List.of("layout", "schedule"), _ -> true, (_, method) -> !method.matches("toString|dump|<clinit>"));

    private static final String ROOT = "dev/kiln/compiler/";

    private final List<String> folders;
    private final Predicate<String> types;
    private final BiPredicate<String, String> methods;

    Kind(List<String> folders, Predicate<String> types, BiPredicate<String, String> methods) {
        this.folders = folders;
        this.types = types;
        this.methods = methods;
    }

    /// A rule, what it is made of, and reverse mode itself.
    private static boolean isGradient(String type, String method) {
        boolean rule = method.matches("gradient|lambda\\$gradient\\$\\d+");
        return rule || (type.matches(".*/(ContractGradient|autodiff/.*)") && !method.matches("<clinit>|toString"));
    }

    /// Every mutant there is, in the order of the classes.
    List<Mutant> mutants() {
        return folders.stream().flatMap(folder -> types(folder).stream()).filter(types).flatMap(type -> Classes.mutants(type, method -> methods.test(type, method)).stream()).toList();
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
