package dev.kiln.bench;

import dev.kiln.runtime.Width;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The same file as an earlier version of Kiln compiles it, in the same JVM: a class loader finds that version's jars before ours.
final class Earlier implements Contender {
    /// [EarlierCall] of each version, so that all items share a runtime, as they do ours.
    private static final Map<Path, Class<?>> VERSIONS = new ConcurrentHashMap<>();

    /// What the earlier version has of its own.
    private static final String OURS = ".*kiln-(grammar|runtime|compiler|stdlib)-[^/]*";

    private final String name;
    private final double flops;
    private final Object call;

    private Earlier(Path jars, double flops, Object call) {
        this.name = "kiln " + jars.getFileName();
        this.flops = flops;
        this.call = call;
    }

    /// What predicts.
    /// @param jars of the earlier version
    static Contender network(Path jars, Path root, String file, boolean exact, int threads, double flops, int[] inputShape, int[] outputShape) {
        return new Earlier(jars, flops, call(jars, "network", root, file, exact, threads, inputShape, outputShape));
    }

    /// What learns.
    /// @param jars of the earlier version
    static Contender step(Path jars, Path root, String file, int threads, int[] inputShape) {
        return new Earlier(jars, 0, call(jars, "step", root, file, threads, inputShape));
    }

    private static Object call(Path jars, String method, Object... arguments) {
        Class<?> version = VERSIONS.computeIfAbsent(jars, Earlier::version);
        try {
            for (var each : version.getDeclaredMethods()) if (each.getName().equals(method)) return each.invoke(null, arguments);
            throw new IllegalStateException(version + " has no " + method);
        } catch (ReflectiveOperationException e) {
            throw new BenchException("the Kiln of " + jars + " cannot be called as ours is: " + e.getCause() + "; compare with a later revision", e);
        }
    }

    private static Class<?> version(Path jars) {
        try (Stream<Path> theirs = Files.list(jars)) {
            List<URL> path = new ArrayList<>();
            for (Path jar : theirs.filter(p -> p.toString().endsWith(".jar")).toList()) path.add(jar.toUri().toURL());
            if (path.isEmpty()) throw new BenchException("there are no jars in " + jars, null);
            for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) if (!entry.matches(OURS)) path.add(Path.of(entry).toUri().toURL());
            return new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader()).loadClass(EarlierCall.class.getName());
        } catch (IOException | ClassNotFoundException e) {
            throw new BenchException("the jars in " + jars + " cannot be read: " + e, e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Role role() {
        return Role.EARLIER;
    }

    @Override
    public int width() {
        return 32 * Width.preferred().lanes();
    }

    @Override
    public double flops() {
        return flops;
    }

    @Override
    public void run() {
        ((Runnable) call).run();
    }

    @Override
    public float[] output() {
        return (float[]) ((Supplier<?>) call).get();
    }

    @Override
    public void close() {
        try {
            ((AutoCloseable) call).close();
        } catch (Exception e) {
            throw new BenchException(name + " does not close: " + e, e);
        }
    }
}
