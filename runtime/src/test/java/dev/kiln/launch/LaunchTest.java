package dev.kiln.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.runtime.FakeJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {
    private static final Path HERE = Path.of(System.getProperty("java.home"));

    @TempDir
    Path folder;

    record Run(int code, String out, String err) {}

    private Run run(Path home, boolean exports, List<String> flags, String... arguments) throws IOException, InterruptedException {
        return run(home, FakeJar.write(folder.resolve("fake.jar"), exports, null), flags, arguments);
    }

    private Run run(Path home, Path jar, List<String> flags, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(JavaHome.java(home).toString()));
        command.addAll(flags);
        if (!flags.contains("-cp")) command.addAll(List.of("-jar", jar.toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
        builder.environment().put("KILN_JAVA_HOME", HERE.toString());
        Process process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void noFlagIsNeeded() throws Exception {
        Run run = run(HERE, true, List.of());
        assertEquals(0, run.code, run.err);
        assertEquals("", run.err);
        assertTrue(run.out.startsWith("Fake\n") && run.out.contains("vector kernels of "), run.out);
    }

    @Test
    void withoutTheManifestsHelpASecondJvmIsStarted() throws Exception {
        Path rows = Files.writeString(folder.resolve("rows.csv"), "1,2,3\n");
        Run run = run(HERE, false, List.of(), "--input", "x=" + rows);
        assertEquals(0, run.code, run.err);
        assertTrue(run.out.startsWith("# y\n"), run.out);
        assertTrue(run(HERE, false, List.of()).out.contains("vector kernels of "));
    }

    @Test
    void withoutTheModuleOneLineSaysSo() throws Exception {
        Run run = run(HERE, false, List.of("-Dkiln.child=vector"));
        assertEquals(0, run.code, run.err);
        assertEquals("kiln: Java's vector module cannot be loaded, running on slower scalar kernels.\n", run.err);
        assertTrue(run.out.contains("scalar kernels"), run.out);
    }

    @Test
    void aProgramOfItsOwnUsesTheTypedClass() throws Exception {
        Run run = run(HERE, FakeJar.write(folder.resolve("fake.jar"), true, "dev.kiln.runtime.FakeNetwork"), List.of());
        assertEquals("", run.err);
        assertTrue(run.out.matches("best [0-3]\nmoved true\nsame seed true\n"), run.out);
    }

    @Test
    void asALibraryWithoutTheModuleOneLogLineNamesTheFlag() throws Exception {
        Path jar = FakeJar.write(folder.resolve("fake.jar"), false, null);
        Run run = run(HERE, jar, List.of("-cp", jar.toString(), "dev.kiln.runtime.FakeNetwork"));
        assertTrue(run.out.startsWith("best "), run.out + run.err);
        assertEquals(1, run.err.split("--add-modules jdk.incubator.vector", -1).length - 1, run.err);
    }

    @Test
    void exitCodesPassThrough() throws Exception {
        assertEquals(2, run(HERE, false, List.of(), "--nonsense").code);
        assertEquals(2, run(HERE, true, List.of(), "--nonsense").code);
    }

    @Test
    void anOldJavaFindsANewOne() throws Exception {
        Optional<Path> old = oldJava();
        assumeTrue(old.isPresent(), "no Java 17 to 24 is installed here");
        Run run = run(old.get(), true, List.of());
        assertEquals(0, run.code, run.err);
        assertEquals("", run.err);
        assertTrue(run.out.contains("vector kernels of "), run.out);
        assertEquals(2, run(old.get(), true, List.of(), "--nonsense").code);
    }

    @Test
    void anOldJavaThatFindsNothingSaysWhatIsNeeded() throws Exception {
        Optional<Path> old = oldJava();
        assumeTrue(old.isPresent(), "no Java 17 to 24 is installed here");
        Run run = run(old.get(), true, List.of("-Dkiln.child=java"));
        assertEquals(2, run.code);
        assertEquals(1, run.err.lines().count(), run.err);
        assertTrue(run.err.startsWith("kiln: this network needs Java 25 or newer, and this is Java "), run.err);
    }

    private static Optional<Path> oldJava() throws IOException {
        Path homes = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(homes)) return Optional.empty();
        try (Stream<Path> children = Files.list(homes)) {
            return children.filter(home -> JavaHome.version(home) >= 17 && JavaHome.version(home) < 25).findFirst();
        }
    }

    @Test
    void variablesComeBeforeFolders() throws IOException {
        Path user = folder.resolve("user");
        Path newest = home(user.resolve(".jdks/a"), "99.0.1");
        Path old = home(user.resolve(".jdks/b"), "17.0.2");
        Path named = home(folder.resolve("named"), "26-ea");
        assertEquals(Optional.of(named), JavaHome.find(25, Map.of("JAVA_HOME", newest.toString(), "JAVA25_HOME", named.toString()), user));
        assertEquals(Optional.of(newest), JavaHome.find(99, Map.of("JAVA_HOME", old.toString(), "KILN_JAVA_HOME", ""), user));
        assertEquals(Optional.empty(), JavaHome.find(100, Map.of(), user));
    }

    @Test
    void aFolderWithoutAJavaIsNone() throws IOException {
        assertEquals(0, JavaHome.version(folder));
        assertEquals(0, JavaHome.version(home(folder.resolve("odd"), "?")));
        assertEquals(25, JavaHome.version(home(folder.resolve("plain"), "25")));
    }

    private static Path home(Path home, String version) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("bin/java"), "#!/bin/sh\n");
        assertTrue(home.resolve("bin/java").toFile().setExecutable(true));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }
}
