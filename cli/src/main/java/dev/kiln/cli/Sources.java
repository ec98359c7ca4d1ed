package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What most commands begin with: the compiler and a `.nn` file.
final class Sources {
    private Sources() {}

    /// The compiler that sees every library on the class path of this command.
    static Compiler compiler() {
        return Compiler.of(Sources.class.getClassLoader());
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
