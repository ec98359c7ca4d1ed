package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {
    @TempDir
    Path folder;

    private Path rows;
    private String out;
    private String err;

    @BeforeEach
    void writeRows() throws IOException {
        Fake.folder(folder);
        rows = Files.writeString(folder.resolve("rows.csv"), "a,b,c\n1,2,3\n\n4, 5 ,6.5e0\n");
    }

    private int run(String... arguments) throws IOException {
        var stdout = new ByteArrayOutputStream();
        var stderr = new ByteArrayOutputStream();
        try (JarLoader loader = JarLoader.open(folder)) {
            int code = Main.run(Fake.CLASS, loader, new PrintStream(stdout, true, StandardCharsets.UTF_8), new PrintStream(stderr, true, StandardCharsets.UTF_8), arguments);
            out = stdout.toString(StandardCharsets.UTF_8);
            err = stderr.toString(StandardCharsets.UTF_8);
            return code;
        }
    }

    @Test
    void withoutArgumentsTheNetworkIsDescribed() throws IOException {
        assertEquals(0, run());
        assertTrue(out.startsWith("""
                Fake
                  in   x f32[N, 3]
                  out  y f32[N, 4]
                  out  best i32[N]
                  16 parameters in 2 tensors
                """), out);
        assertTrue(out.contains("usage: java -jar JAR --input x=FILE [--output y=FILE] [--output best=FILE]"), out);
        assertEquals("", err);
    }

    @Test
    void predictionsGoWhereTheyAreWanted() throws IOException {
        Path npy = folder.resolve("y.npy");
        assertEquals(0, run("--input", "x=" + rows, "--output", "y=" + npy, "--output", "best=" + folder.resolve("best.csv"), "--threads", "1"));
        Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6.5f}, 2, 3);
        try (Network net = Network.open(folder, Fake.options())) {
            Tensor back = TensorFiles.read(npy, new Door("y", Door.Kind.FLOAT, -1, 4));
            assertArrayEquals(Fake.expected(net.weights(), x), back.floats());
            assertArrayEquals(net.predict(x)[1].ints(), TensorFiles.read(folder.resolve("best.csv"), new Door("best", Door.Kind.INT, -1)).ints());
        }
        assertEquals("", out + err);
        assertEquals(0, run("--input", "x=" + rows));
        assertEquals(6, out.lines().count());
        assertTrue(out.startsWith("# y\n"), out);
    }

    @Test
    void wrongCommandsExitWithTwo() throws IOException {
        wrong(2, "unknown argument --inputs; --help shows what there is", "--inputs");
        wrong(2, "--input needs a value", "--input");
        wrong(2, "NAME=FILE is expected instead of rows.csv", "--input", "rows.csv");
        wrong(2, "there is no input 'image', there is 'x'", "--input", "image=" + rows);
        wrong(2, "there is no output 'z', there is 'y', 'best'", "--input", "x=" + rows, "--output", "z=f");
        wrong(2, "--threads needs a number from 1 to 999, got 0", "--threads", "0");
        wrong(2, "x is given twice", "--input", "x=a", "--input", "x=b");
    }

    @Test
    void filesThatDoNotFitExitWithOne() throws IOException {
        Path odd = Files.writeString(folder.resolve("odd.csv"), "1,2\n3,4\n");
        wrong(1, odd + ": rows of 2 numbers do not fit x f32[N, 3], which takes 3 a row", "--input", "x=" + odd);
        Files.writeString(odd, "1,2,3\n4,5\n");
        wrong(1, odd + ": row 2 has 2 numbers, the rows before have 3", "--input", "x=" + odd);
        Files.writeString(odd, "1,2,3\n4,five,6\n");
        wrong(1, odd + ": row 2, column 2: 'five' is no number", "--input", "x=" + odd);
        wrong(1, "cannot read or write " + folder.resolve("absent.csv"), "--input", "x=" + folder.resolve("absent.csv"));
    }

    private void wrong(int code, String message, String... arguments) throws IOException {
        assertEquals(code, run(arguments));
        assertEquals(message, err.strip());
    }
}
