package dev.kiln.compiler.source;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One example file for each kind of [Problem], what `kiln explain` shows. In the files a marker `//~ Code` stands under the place;
/// a test holds that each kind has its example and that the markers say what is reported.
public final class Explanations {
    private static final String FOLDER = "/dev/kiln/problems/";

    private Explanations() {}

    /// The names of all kinds, in the order of the alphabet.
    public static List<String> codes() {
        return Stream.of(SyntaxProblem.class, CheckProblem.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .map(Class::getSimpleName).sorted().toList();
    }

    /// The example of a kind without its markers; empty when there is no such kind.
    public static Optional<SourceFile> example(String code) {
        return marked(code).map(text -> new SourceFile(code + ".nn", text.lines()
                .filter(line -> !line.stripLeading().startsWith("//~")).collect(Collectors.joining("\n", "", "\n"))));
    }

    private static Optional<String> marked(String code) {
        if (!codes().contains(code)) return Optional.empty();
        try (InputStream in = Explanations.class.getResourceAsStream(FOLDER + code + ".nn")) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
