package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

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

    /// What a file holds that has no problems.
    /// @throws ProblemsException when it has some
    static Checked checked(SourceFile source) {
        Checking checking = compiler().check(source);
        if (!checking.problems().isEmpty()) throw new ProblemsException(checking.problems());
        return checking.checked();
    }

    /// Refuses a size for a dim that is none.
    static void knows(Path file, Collection<String> dims, Collection<String> bound) {
        for (String dim : bound) {
            if (!dims.contains(dim)) throw UserError.usage("%s has no symbolic dim %s; there is %s", file, dim, dims);
        }
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
