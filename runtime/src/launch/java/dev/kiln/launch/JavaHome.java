package dev.kiln.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Where a Java of some release is installed. Each installation says its version in a file called `release`.
final class JavaHome {
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"?(\\d+)");
    private static final List<String> VARIABLES = List.of("KILN_JAVA_HOME", "JAVA25_HOME", "JAVA_HOME");
    private static final List<String> FOLDERS =
            List.of("/usr/lib/jvm", "/usr/java", "/opt", "/opt/java", "/Library/Java/JavaVirtualMachines", "C:\\Program Files\\Java", "C:\\Program Files\\Eclipse Adoptium");
    private static final List<String> USER_FOLDERS = List.of(".sdkman/candidates/java", ".jdks", ".asdf/installs/java", "Library/Java/JavaVirtualMachines");

    private JavaHome() {}

    /// The first home that a variable names and that is new enough; else the oldest one of the usual folders that is.
    static Optional<Path> find(int release, Map<String, String> environment, Path user) {
        for (String variable : VARIABLES) {
            String value = environment.get(variable);
            if (value != null && !value.isBlank() && version(Path.of(value)) >= release) return Optional.of(Path.of(value));
        }
        List<Path> homes = new ArrayList<>();
        for (String folder : FOLDERS) homes.addAll(under(Path.of(folder)));
        for (String folder : USER_FOLDERS) homes.addAll(under(user.resolve(folder)));
        return homes.stream().filter(home -> version(home) >= release).min(Comparator.comparingInt(JavaHome::version).thenComparing(Comparator.naturalOrder()));
    }

    private static List<Path> under(Path folder) {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> children = Files.list(folder)) {
            return children.flatMap(child -> Stream.of(child, child.resolve("Contents/Home"))).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /// The release of an installation, 0 where there is none that can run.
    static int version(Path home) {
        try {
            if (!Files.isExecutable(java(home))) return 0;
            Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    static Path java(Path home) {
        Path windows = home.resolve("bin/java.exe");
        return Files.exists(windows) ? windows : home.resolve("bin/java");
    }
}
