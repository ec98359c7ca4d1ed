package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ShapeException;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.WeightsException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.SequenceInputStream;
import java.io.StringWriter;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.util.CheckClassAdapter;

/// A jar as the author of a Java program sees it.
class TypedClassTest {
    private static final SourceFile TINY = new SourceFile("tiny.nn", """
            optimizer Descent(lr: float)(w: f32[S..], g: f32[S..]) {
              w' = w - lr / sqrt(step) * g
            }

            network Tiny {
              in image: f32[N, 2, 3]
              param W: f32[6, 4] init uniform(-1, 1)
              param b: f32[4]    init 0
              class = reshape(image, N, 6) @ W + b
              out class
              out best = argmax(class)
            }

            train Tiny {
              in label: i32[N]
              chosen[n] = class[n, label[n]]
              loss mean((chosen - 1)^2)
              metric mean(if argmax(class) == label { 1 } else { 0 })
              optimizer Descent(lr: 0.05)
            }
            """);

    private static final String USER = """
            import dev.kiln.runtime.Options;
            import dev.kiln.runtime.Tensor;
            import java.io.InputStream;
            import java.nio.file.Path;
            import tiny.Tiny;

            public final class User {
                private User() {}

                public static float[] predict(float[] pixels) {
                    try (Tiny net = Tiny.load()) {
                        Tiny.Output y = net.predict(pixels);
                        return y.class_().floats();
                    }
                }

                public static float[] train(Path state, float[] pixels, int[] labels) {
                    try (Tiny.Trainer trainer = Tiny.trainer(3)) {
                        Tiny.Losses first = trainer.step(pixels, labels);
                        Tiny.Losses second = trainer.step(Tensor.of(pixels, labels.length, 2, 3), Tensor.of(labels, labels.length));
                        trainer.save(state);
                        try (Tiny now = trainer.snapshot(); Tiny saved = Tiny.load(state); Tiny also = trainer.predictor()) {
                            float a = now.predict(pixels).class_().get(0, 0);
                            float b = saved.sample(7, pixels).class_().get(0, 0);
                            float c = also.evaluate(pixels, labels).loss();
                            return new float[] {first.loss(), first.mean(), second.loss(), trainer.evaluate(pixels, labels).loss() - c, a, b};
                        }
                    }
                }

                public static float[] predict(InputStream weights, float[] pixels) {
                    try (Tiny net = Tiny.load(weights)) {
                        return net.predict(pixels).class_().floats();
                    }
                }

                public static float[] predict(InputStream weights, Options options, float[] pixels) {
                    try (Tiny net = Tiny.load(weights, options)) {
                        return net.predict(pixels).class_().floats();
                    }
                }

                public static Object output(Tensor image) {
                    try (Tiny net = Tiny.load(Options.defaults().threads(1))) {
                        return net.predict(image);
                    }
                }
            }
            """;

    private static final float[] PIXELS = {1, -2, 3, 0.5f, 0, 1, 2, 2, -1, 0, 4, -3, 0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f};
    private static final int[] LABELS = {0, 3, 1};

    @TempDir static Path folder;
    private static Path jar;
    private static URLClassLoader loader;

    @BeforeAll
    static void writeAndCompile() throws Exception {
        jar = write("tiny.jar", false);
        Path source = Files.writeString(folder.resolve("User.java"), USER);
        var said = new StringWriter();
        String path = jar + System.getProperty("path.separator") + Path.of(Network.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var options = List.of("-proc:none", "-Xlint:all", "-Werror", "-d", folder.toString(), "-cp", path);
        var javac = ToolProvider.getSystemJavaCompiler();
        boolean compiles = javac.getTask(said, null, null, options, null, javac.getStandardFileManager(null, null, null).getJavaFileObjects(source)).call();
        assertTrue(compiles, said.toString());
        loader = new URLClassLoader(new URL[] {jar.toUri().toURL(), folder.toUri().toURL()}, TypedClassTest.class.getClassLoader());
    }

    @AfterAll
    static void close() throws Exception {
        loader.close();
    }

    private static Path write(String name, boolean standalone) {
        Compiled compiled = Compiler.of(ClassLoader.getPlatformClassLoader()).compile(TINY);
        Path file = folder.resolve(name);
        compiled.writeJar(file, compiled.weights(3), standalone);
        return file;
    }

    private static Object user(String method, Object... arguments) throws Exception {
        var found = Arrays.stream(loader.loadClass("User").getMethods()).filter(m -> m.getName().equals(method) && m.getParameterCount() == arguments.length).findFirst().orElseThrow();
        try {
            return found.invoke(null, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException told) throw told;
            throw e;
        }
    }

    @Test
    void arraysGiveWhatTheUntypedNetworkGives() throws Exception {
        try (Network net = Network.open(jar)) {
            assertArrayEquals(net.predict(Tensor.of(PIXELS, 3, 2, 3))[0].floats(), (float[]) user("predict", (Object) PIXELS));
        }
    }

    @Test
    void trainingGivesWhatTheUntypedTrainerGives() throws Exception {
        float[] typed = (float[]) user("train", folder.resolve("state.safetensors"), PIXELS, LABELS);
        Tensor[] batch = {Tensor.of(PIXELS, 3, 2, 3), Tensor.of(LABELS, 3)};
        try (Trainer trainer = Trainer.open(jar, 3, Options.defaults())) {
            Tensor[] first = trainer.step(batch);
            Tensor[] second = trainer.step(batch);
            try (Network now = trainer.snapshot()) {
                float value = now.predict(batch[0])[0].get(0, 0);
                assertArrayEquals(new float[] {first[0].get(), first[1].get(), second[0].get(), 0, value, value}, typed);
            }
        }
        assertTrue(typed[2] < typed[0], "the loss falls");
    }

    @Test
    void weightsComeFromAStream() throws Exception {
        byte[] weights = weights(5);
        float[] typed = (float[]) user("predict", new ByteArrayInputStream(weights), PIXELS);
        assertArrayEquals(typed, (float[]) user("predict", new ByteArrayInputStream(weights), Options.defaults().threads(1), PIXELS));
        Path file = Files.write(folder.resolve("five.safetensors"), weights);
        try (Network net = Network.open(jar, Options.defaults().weights(file))) {
            assertArrayEquals(net.predict(Tensor.of(PIXELS, 3, 2, 3))[0].floats(), typed);
        }
        assertFalse(Arrays.equals((float[]) user("predict", (Object) PIXELS), typed), "the jar has the weights of another seed");
    }

    @Test
    void aStreamThatBreaksOffLoadsNothing() throws Exception {
        byte[] weights = weights(5);
        Map<Integer, String> cuts = Map.of(0, "0 bytes are no safetensors file", 5, "5 bytes are no safetensors file", 40, "truncated in its header", weights.length - 1, "truncated in tensor 'b'");
        for (var cut : cuts.entrySet()) {
            var in = new ByteArrayInputStream(weights, 0, cut.getKey());
            assertEquals("weights from a stream: " + cut.getValue(), assertThrows(WeightsException.class, () -> user("predict", in, PIXELS)).getMessage());
        }
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(weights, 0, 60), closed);
        assertEquals("weights from a stream: cannot be read: java.io.IOException: Stream closed", assertThrows(WeightsException.class, () -> user("predict", broken, PIXELS)).getMessage());
    }

    private static byte[] weights(long seed) throws IOException {
        Compiled compiled = Compiler.of(ClassLoader.getPlatformClassLoader()).compile(TINY);
        var bytes = new ByteArrayOutputStream();
        compiled.weights(seed).tensors(false, Map.of()).write(bytes);
        return bytes.toByteArray();
    }

    @Test
    void outputsAreARecord() throws Exception {
        Object y = user("output", Tensor.of(PIXELS, 3, 2, 3));
        Class<?> type = y.getClass();
        assertTrue(type.isRecord() && Modifier.isStatic(type.getModifiers()) && Modifier.isFinal(type.getModifiers()));
        assertEquals(List.of("class_", "best"), Arrays.stream(type.getRecordComponents()).map(c -> c.getName()).toList());
        assertEquals("tiny.Tiny", type.getNestHost().getName());
        assertEquals("Output[class_=f32[3, 4], best=i32[3]]", y.toString());
        Tensor values = (Tensor) type.getMethod("class_").invoke(y);
        Tensor best = (Tensor) type.getMethod("best").invoke(y);
        Object same = type.getConstructor(Tensor.class, Tensor.class).newInstance(values, best);
        assertEquals(y, same);
        assertEquals(y.hashCode(), same.hashCode());
        assertNotEquals(y, type.getConstructor(Tensor.class, Tensor.class).newInstance(best, best));
    }

    @Test
    void aLengthThatDoesNotFitIsToldInNumbers() {
        var e = assertThrows(ShapeException.class, () -> user("predict", (Object) new float[13]));
        assertEquals("Tiny.predict: input image f32[N, 2, 3] takes a multiple of 6 elements; an array of 13 is neither 2 x 6 = 12 nor 3 x 6 = 18", e.getMessage());
        var other = assertThrows(ShapeException.class, () -> user("train", folder.resolve("none"), PIXELS, new int[2]));
        assertTrue(other.getMessage().contains("N = 3 from input 'image'"), other.getMessage());
    }

    @Test
    void stackTracesNameTheNetworksLine() {
        var e = assertThrows(ShapeException.class, () -> user("predict", (Object) new float[13]));
        var frame = Arrays.stream(e.getStackTrace()).filter(f -> f.getClassName().equals("tiny.Tiny")).findFirst().orElseThrow();
        assertEquals("tiny.nn:5", frame.getFileName() + ":" + frame.getLineNumber());
    }

    @Test
    void bothVerifiersAcceptEveryClass() throws Exception {
        var verifier = ClassFile.of(ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofClassLoading(loader)));
        int classes = 0;
        try (var file = new JarFile(jar.toFile())) {
            for (var entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
                byte[] bytes = file.getInputStream(entry).readAllBytes();
                assertEquals(List.of(), verifier.verify(bytes), entry.getName());
                var said = new StringWriter();
                CheckClassAdapter.verify(new ClassReader(bytes), loader, false, new PrintWriter(said));
                assertEquals("", said.toString(), entry.getName());
                classes++;
            }
            for (String name : List.of("Tiny", "Tiny$Output", "Tiny$Trainer", "Tiny$Losses")) assertTrue(file.getEntry("tiny/" + name + ".class") != null, name);
        }
        assertTrue(classes > 20, classes + " classes");
    }

    @Test
    void jarsBuiltTwiceAreEqual() throws Exception {
        assertArrayEquals(Files.readAllBytes(write("once.jar", true)), Files.readAllBytes(write("twice.jar", true)));
    }

    @Test
    void theJarRunsByItselfOnThisJavaAndOnOlderOnes() throws Exception {
        Path standalone = write("standalone.jar", true);
        Path rows = Files.writeString(folder.resolve("rows.csv"), "1,-2,3,0.5,0,1\n2,2,-1,0,4,-3\n");
        Path here = Path.of(System.getProperty("java.home"));
        String expected = run(here, standalone, rows);
        assertTrue(expected.startsWith("# class\n"), expected);
        for (Path old : olderJavas()) assertEquals(expected, run(old, standalone, rows), old.toString());
        assertEquals(expected, run(here, standalone, rows, "-Xint"), "interpreted");
    }

    private static List<Path> olderJavas() throws Exception {
        Path all = Path.of("/usr/lib/jvm");
        if (!Files.isDirectory(all)) return List.of();
        try (Stream<Path> homes = Files.list(all)) {
            return homes.filter(h -> version(h).filter(v -> v.startsWith("17.") || v.startsWith("21.")).isPresent()).limit(1).toList();
        }
    }

    private static Optional<String> version(Path home) {
        try (Stream<String> lines = Files.lines(home.resolve("release"))) {
            return lines.filter(l -> l.startsWith("JAVA_VERSION=")).map(l -> l.substring(14, l.length() - 1)).findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static String run(Path home, Path jar, Path rows, String... options) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        List<String> command = Stream.of(Stream.of(home.resolve("bin/java").toString()), Stream.of(options), Stream.of("-jar", jar.toString(), "--input", "image=" + rows)).flatMap(s -> s).toList();
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS"));
        builder.environment().put("KILN_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        assertEquals("", Files.readString(err));
        assertEquals(0, process.exitValue());
        return Files.readString(out);
    }

    @Test
    void aNetworkThatIsNotTrainedHasNoTrainer() {
        Compiled compiled = Compiler.of(ClassLoader.getPlatformClassLoader()).compile(new SourceFile("switch.nn", """
                network Switch {
                  in x: f32[N, H, 3]
                  in seed: i32[N]
                  out y = x * 2
                  out int = seed + 1
                }
                """));
        Map<String, byte[]> entries = compiled.entries();
        assertEquals("switch_.Switch", compiled.model().className());
        assertTrue(entries.containsKey("switch_/Switch$Output.class"));
        assertFalse(entries.containsKey("switch_/Switch$Trainer.class") || entries.containsKey("switch_/Switch$Losses.class"));
        var methods = ClassFile.of().parse(entries.get("switch_/Switch.class")).methods().stream().filter(m -> m.methodName().equalsString("sample")).map(m -> m.methodTypeSymbol().displayDescriptor()).sorted().toList();
        assertEquals(List.of("(long,Tensor,Tensor)Switch$Output", "(long,Tensor,int[])Switch$Output"), methods);
    }
}
