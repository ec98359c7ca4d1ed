package dev.kiln.launch;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/// The main class of a network's jar. It makes `java -jar digits.jar` work with no flags: it finds a Java 25 when started by an older one, brings in the vector module,
/// and then calls the class that the manifest names as `Kiln-Main`.
///
/// The manifest must hold `Add-Exports: java.base/jdk.internal.module` for the quickest way of these:
/// 1. the module is there already (`--add-modules`);
/// 2. it is loaded into the running JVM;
/// 3. a second JVM is started with the flag;
/// 4. without it, on scalar kernels and with one line that says so.
///
/// Compiled for Java 17, so it may use nothing of the rest.
public final class Launch {
    private static final int RELEASE = 25;
    private static final String VECTOR = "jdk.incubator.vector";
    /// Says to a JVM started by this class what it was started for, so that no chain of them begins.
    private static final String CHILD = "kiln.child";
    private static final String DEFAULT_MAIN = "dev.kiln.runtime.Main";

    private Launch() {}

    public static void main(String[] arguments) throws Throwable {
        String child = System.getProperty(CHILD, "");
        if (Runtime.version().feature() < RELEASE) {
            Optional<Path> home = child.isEmpty() ? JavaHome.find(RELEASE, System.getenv(), Path.of(System.getProperty("user.home"))) : Optional.empty();
            if (home.isPresent()) System.exit(start(home.get(), "java", arguments));
            System.err.println("kiln: this network needs Java " + RELEASE + " or newer, and this is Java " + Runtime.version().feature() + " (" + System.getProperty("java.home")
                    + "). Install one, or set JAVA25_HOME to it.");
            System.exit(2);
        }
        if (!hasVectorModule() && !"1".equals(System.getProperty("kiln.width")) && !loadVectorModule()) {
            if (!child.equals("vector")) System.exit(start(Path.of(System.getProperty("java.home")), "vector", arguments));
            System.err.println("kiln: Java's vector module cannot be loaded, running on slower scalar kernels.");
            System.setProperty("kiln.width", "1");
        }
        call(arguments);
    }

    private static boolean hasVectorModule() {
        return ModuleLayer.boot().findModule(VECTOR).isPresent();
    }

    /// Internal to the JDK and open to us by the manifest alone; whatever goes wrong, there is another way.
    private static boolean loadVectorModule() {
        try {
            Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, VECTOR);
            return true;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
            return false;
        }
    }

    /// Runs the same command in another JVM and returns its exit code.
    private static int start(Path home, String child, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(JavaHome.java(home).toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-D" + CHILD + "=" + child);
        if (child.equals("vector")) command.add("--add-modules=" + VECTOR);
        String path = System.getProperty("java.class.path");
        if (isJar(path)) command.addAll(List.of("-jar", path));
        else command.addAll(List.of("-cp", path, Launch.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).inheritIO().start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        return process.waitFor();
    }

    private static boolean isJar(String path) {
        return path.endsWith(".jar") && !path.contains(File.pathSeparator);
    }

    private static void call(String... arguments) throws Throwable {
        Map<Object, Object> manifest = manifest();
        Object network = manifest.get(new Attributes.Name("Kiln-Network"));
        if (network != null) System.setProperty("kiln.network", network.toString());
        Object main = manifest.getOrDefault(new Attributes.Name("Kiln-Main"), DEFAULT_MAIN);
        try {
            Class.forName(main.toString()).getMethod("main", String[].class).invoke(null, (Object) arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static Map<Object, Object> manifest() throws IOException {
        String path = System.getProperty("java.class.path");
        if (!isJar(path)) return Map.of();
        try (JarFile jar = new JarFile(path)) {
            return jar.getManifest() == null ? Map.of() : jar.getManifest().getMainAttributes();
        }
    }
}
