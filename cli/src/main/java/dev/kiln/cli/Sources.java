package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// What most commands begin with: the compiler and a `.nn` file.
final class Sources {
    /// Where `use house.blocks` looks while a command runs.
    private static final ScopedValue<ClassLoader> LIBRARIES = ScopedValue.newInstance();

    private Sources() {}

    /// The compiler that sees the libraries that `--library` names, and those on the class path of this command.
    static Compiler compiler() {
        return Compiler.of(LIBRARIES.orElse(Sources.class.getClassLoader()));
    }

    /// The files of those libraries.
    static Collection<SourceFile> libraries() {
        return Library.of(LIBRARIES.orElse(Sources.class.getClassLoader())).files();
    }

    /// Runs a command that sees the `.nn` files of these jars or folders.
    static int among(List<Path> jars, ScopedValue.CallableOp<Integer, RuntimeException> command) {
        if (jars.isEmpty()) {
            return command.call();
        }
        var urls = new URL[jars.size()];
        try {
            for (int i = 0; i < urls.length; i++) {
                urls[i] = jars.get(i).toUri().toURL();
            }
            try (var loader = new URLClassLoader(urls, Sources.class.getClassLoader())) {
                return ScopedValue.where(LIBRARIES, loader).call(command);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The same; where `exact`, without convolutions by transforms.
    static Compiler compiler(boolean exact) {
        return exact ? compiler().exact() : compiler();
    }

    static SourceFile read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw UserError.usage("%s is a folder; a .nn file is expected", file);
        }
        return SourceFile.read(file);
    }

    /// A file that has no problems.
    /// @throws ProblemsException when it has some
    static Checking sound(SourceFile source) {
        Checking checking = compiler().check(source);
        if (!checking.problems().isEmpty()) throw new ProblemsException(checking.problems());
        return checking;
    }

    /// What a file holds that has no problems.
    /// @throws ProblemsException when it has some
    static Checked checked(SourceFile source) {
        return sound(source).checked();
    }

    /// Refuses a size for a dim that is none.
    static void knows(Path file, Collection<String> dims, Map<String, Long> bound) {
        bound.forEach((dim, size) -> {
            if (!dims.contains(dim)) throw UserError.usage("%s has no symbolic dim %s; there is %s", file, dim, dims);
            if (size < 0) throw UserError.usage("--bind %s=%d: a dim is 0 or more", dim, size);
        });
    }

    /// `digits` for `examples/digits/digits.nn`: what the files made from it are called.
    static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".nn") ? name.substring(0, name.length() - 3) : name;
    }

    /// Where a file made from `source` goes when nobody says: the current folder.
    static Path output(Path source, String ending) {
        return Path.of(stem(source) + ending);
    }
}
