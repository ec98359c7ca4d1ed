package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFilesTest {
    private static final Door IMAGE = new Door("image", Door.Kind.FLOAT, -1, 1, 2, 2);
    private static final Door LABEL = new Door("label", Door.Kind.INT, -1);

    @TempDir
    Path folder;

    private Tensor csv(String text, Door door) throws IOException {
        return TensorFiles.read(Files.writeString(folder.resolve("t.csv"), text), door, "N", "T");
    }

    @Test
    void aRowFillsTheOtherAxes() throws IOException {
        Tensor t = csv("1\t2\t3\t4\n5\t6\t7\tNaN", IMAGE);
        assertArrayEquals(new int[] {2, 1, 2, 2}, t.shape());
        assertEquals(6, t.get(1, 0, 0, 1));
        assertArrayEquals(new int[] {0, 1, 2, 2}, csv("", IMAGE).shape());
        assertArrayEquals(new int[] {3, 0, 9}, csv("3\n0\n9", LABEL).ints());
        assertArrayEquals(new int[] {1, 3, 2}, csv("1 2 3 4 5 6", new Door("x", Door.Kind.FLOAT, -1, -2, 2)).shape());
        assertArrayEquals(new int[] {2, 2}, csv("1;2\n3;4", new Door("x", Door.Kind.FLOAT, 2, 2)).shape());
        assertEquals(5, csv("5", new Door("x", Door.Kind.FLOAT)).get());
    }

    @Test
    void numbersThatDoNotFitAreRefused() {
        assertThrows(ShapeException.class, () -> csv("1,2,3", IMAGE));
        assertThrows(ShapeException.class, () -> csv("1,2,3", new Door("x", Door.Kind.FLOAT, 2, 2)));
        assertThrows(ShapeException.class, () -> csv("1,2", new Door("x", Door.Kind.FLOAT, -1, -2, -3)));
        assertTrue(assertThrows(IOException.class, () -> csv("1.5", LABEL)).getMessage().contains("input 'label' takes whole numbers, found 1.5"));
        assertThrows(IOException.class, () -> csv("3000000000", LABEL));
    }

    @Test
    void textKeepsEveryBitOfANumber() throws IOException {
        float[] values = {1 / 3f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 16777217, 0.1f};
        Path file = folder.resolve("v.csv");
        TensorFiles.write(file, Optional.empty(), Tensor.of(values, 2, 1, 2, 2));
        assertArrayEquals(values, TensorFiles.read(file, IMAGE, "N").floats());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void npyGivesBackWhatWasWritten(int n) throws IOException {
        Path file = folder.resolve("t.npy");
        Tensor t = Fake.rows(n, 4, 1);
        TensorFiles.write(file, Optional.empty(), t);
        assertArrayEquals(t.floats(), TensorFiles.read(file, new Door("x", Door.Kind.FLOAT, -1, 4)).floats());
        assertEquals(0, (Files.size(file) - 16L * n) % 64);
        TensorFiles.write(file, Optional.empty(), Tensor.of(new int[n], n));
        assertArrayEquals(new int[n], TensorFiles.read(file, LABEL).ints());
    }

    @Test
    void npyOfOtherTypesIsConverted() throws IOException {
        ByteBuffer doubles = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putDouble(1.5).putDouble(-2);
        assertArrayEquals(new float[] {1.5f, -2}, npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", doubles.array(), new Door("x", Door.Kind.FLOAT, -1)).floats());
        ByteBuffer big = ByteBuffer.allocate(4).putFloat(2.5f);
        assertArrayEquals(new float[] {2.5f}, npy("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", big.array(), new Door("x", Door.Kind.FLOAT, -1)).floats());
        ByteBuffer longs = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(7);
        assertArrayEquals(new int[] {7}, npy("{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }", longs.array(), LABEL).ints());
        assertArrayEquals(new float[] {255}, npy("{'descr': '|u1', 'fortran_order': False, 'shape': (), }", new byte[] {-1}, new Door("x", Door.Kind.FLOAT)).floats());
    }

    private Tensor npy(String header, byte[] payload, Door door) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(10 + text.length + payload.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).put((byte) 1).put((byte) 0).putShort((short) text.length).put(text).put(payload);
        return TensorFiles.read(Files.write(folder.resolve("t.npy"), bytes.array()), door);
    }

    @Test
    void npyThatIsNoneOrTruncatedIsRefused() throws IOException {
        assertThrows(IOException.class, () -> npy("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", new byte[4], LABEL));
        assertThrows(IOException.class, () -> npy("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", new byte[8], LABEL));
        assertThrows(IOException.class, () -> npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", new byte[8], LABEL));
        Path file = folder.resolve("whole.npy");
        TensorFiles.write(file, Optional.empty(), Tensor.of(new int[] {1, 2}, 2));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Path part = Files.write(folder.resolve("part.npy"), Arrays.copyOf(whole, length));
            assertThrows(IOException.class, () -> TensorFiles.read(part, LABEL));
        }
    }

    @Test
    void linesAreReadAsTextAndWrittenAsSuch() throws IOException {
        var letters = Optional.of(Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "abc"));
        var door = new Door("word", Door.Kind.INT, -1, -2);
        Path file = Files.writeString(folder.resolve("words.txt"), "cab\n\nb\n");
        Tensor words = TensorFiles.read(file, letters, door, "N", "T");
        assertArrayEquals(new int[] {3, 3}, words.shape());
        TensorFiles.write(folder.resolve("again.txt"), letters, words);
        assertEquals("cab\n\nb\n", Files.readString(folder.resolve("again.txt")));
        Files.writeString(file, "ab\nax\n");
        assertEquals(file + ":2: vocabulary letters has no piece 'x'; it knows 3 pieces", assertThrows(IOException.class, () -> TensorFiles.read(file, letters, door, "N", "T")).getMessage());
    }
}
