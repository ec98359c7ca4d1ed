package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.source.Problem;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Strings go in and come out where the text says `text`.
class TextDoorTest {
    private static final String NEXT = """
            const letters = vocabulary(csv("words.csv"), column: "word", split: characters)
            network Next {
              in word: text[N]
              ids = encode(word, letters)
              out next = decode(ids + 1, letters)
              total[n] = sum(f32(ids[n, t]) over t)
              middle[n] = mean(f32(ids[n, t]) over t)
              out total
              out middle
              out start = f32(letters.start) * total
            }
            train Next {
              in other: text[N]
              loss mean(f32(encode(other, letters)))
              optimizer Down
            }
            optimizer Down()(w: f32[S..], g: f32[S..]) { w' = w - g }
            """;

    @TempDir Path folder;

    private Compiled compiled(String text) throws IOException {
        Files.writeString(folder.resolve("words.csv"), "word\nabcd\n");
        return Compiler.of(ClassLoader.getPlatformClassLoader()).compile(new SourceFile(folder.resolve("next.nn").toString(), text));
    }

    @Test
    void theTypedClassTakesAndGivesStrings() throws Exception {
        Compiled compiled = compiled(NEXT);
        Path jar = folder.resolve("next.jar");
        compiled.writeJar(jar, compiled.weights(1), false);
        try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, TextDoorTest.class.getClassLoader())) {
            Class<?> next = loader.loadClass("next.Next");
            var predict = next.getMethod("predict", String[].class);
            assertTrue(predict.isVarArgs());
            Options quick = Options.defaults().warm(Warm.NEVER);
            try (Network net = (Network) next.getMethod("load", Options.class).invoke(null, quick)) {
                Object y = predict.invoke(net, (Object) new String[] {"ab", "", "cx"});
                assertArrayEquals(new String[] {"bc", "", "d"}, (String[]) y.getClass().getMethod("next").invoke(y));
                assertArrayEquals(new float[] {1, 0, 2 + 4}, ((Tensor) y.getClass().getMethod("total").invoke(y)).floats());
                assertArrayEquals(new float[] {0.5f, 0, 3}, ((Tensor) y.getClass().getMethod("middle").invoke(y)).floats());
            }
            try (var trainer = (AutoCloseable) next.getMethod("trainer", long.class, Options.class).invoke(null, 1L, quick)) {
                Object losses = trainer.getClass().getMethod("step", String[].class, String[].class).invoke(trainer, new String[] {"a"}, new String[] {"bd"});
                assertEquals(2f, losses.getClass().getMethod("loss").invoke(losses));
            }
        }
    }

    @Test
    void theJarSaysThatTheDoorIsText() throws IOException {
        Compiled compiled = compiled(NEXT);
        assertEquals(List.of("next", "other", "word"), List.copyOf(compiled.model().texts().keySet()));
        try (Network net = compiled.network(compiled.weights(1), Options.defaults().warm(Warm.NEVER))) {
            assertEquals("word text[N]", net.model().print(net.inputs("predict")[0], net.dims("predict")));
        }
    }

    private List<String> codes(String text) {
        return Assertions.assertThrows(ProblemsException.class, () -> compiled(text)).problems().all().stream().map(Problem::code).toList();
    }

    @Test
    void textIsForEncodeAlone() {
        String words = "const letters = vocabulary(csv(\"words.csv\"), column: \"word\", split: characters)\n";
        assertEquals(List.of("TypeMismatch"), codes(words + "network A { in x: text[N]  y = encode(x, letters)  out z = x }"));
        assertEquals(List.of("TypeMismatch"), codes(words + "network A { in x: i32[N, T]  out z = encode(x, letters) }"));
        assertEquals(List.of("WrongElementType"), codes(words + "network A { in x: f32[N, T]  out z = decode(x, letters) }"));
        assertEquals(List.of("UnreadableData"), codes(words.replace("\"word\"", "\"wort\"") + "network A { in x: text[N]  out z = encode(x, letters) }"));
        assertEquals(List.of("MissingArgument"), codes(words.replace("column: \"word\", ", "") + "network A { in x: text[N]  out z = encode(x, letters) }"));
    }
}
