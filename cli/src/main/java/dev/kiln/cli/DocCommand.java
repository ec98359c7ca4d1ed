package dev.kiln.cli;

import dev.kiln.cli.doc.Documentation;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "doc", description = "Writes pages (HTML) of a file, or without one of the standard library and those that --library names: comments with their formulas, shapes, parameters, pictures of the graph, source.")
final class DocCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The .nn file.")
    Optional<Path> file = Optional.empty();

    @Option(names = "--all", description = "Pages of the libraries beside those of FILE, so that names lead there.")
    boolean all;

    @Option(names = {"-o", "--output"}, paramLabel = "FOLDER", defaultValue = "kiln-doc", description = "Where the pages go; ${DEFAULT-VALUE} when left out.")
    Path folder;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        Optional<Checked> checked = file.isPresent() ? Optional.of(Sources.checked(Sources.read(file.get()))) : Optional.empty();
        Collection<SourceFile> libraries = all || file.isEmpty() ? Sources.libraries() : List.of();
        Map<String, String> pages = Documentation.of(checked, libraries).pages();
        try {
            write(pages);
        } catch (FileSystemException e) {
            throw UserError.usage("cannot write pages into %s: %s", folder, e.getClass().getSimpleName().replace("Exception", "")).causedBy(e);
        }
        spec.commandLine().getOut().printf("%s: %d pages%n", folder.resolve("index.html"), pages.size());
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    /// All pages are written beside their places before the first one takes its place.
    private void write(Map<String, String> pages) throws IOException {
        Files.createDirectories(folder);
        Path staging = Files.createTempDirectory(folder, ".pages");
        try {
            for (var page : pages.entrySet()) Files.writeString(staging.resolve(page.getKey()), page.getValue());
            for (String name : pages.keySet()) Files.move(staging.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } finally {
            for (String name : pages.keySet()) Files.deleteIfExists(staging.resolve(name));
            Files.delete(staging);
        }
    }
}
