package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {
    @TempDir
    Path folder;

    private static SafeTensors sample() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("b \"quoted\" ü 𝛼", Tensor.of(new float[] {1, -0f, Float.NaN, Float.intBitsToFloat(0xFFC01234), Float.intBitsToFloat(0x7F800001), Float.MIN_VALUE}, 2, 3));
        tensors.put("a", Tensor.of(new float[] {Float.NEGATIVE_INFINITY}));
        tensors.put("empty", Tensor.of(new float[0], 0, 5));
        tensors.put("part", Tensor.at(2, new float[] {0, 0, 7, 8, 0}, 2));
        return new SafeTensors(tensors, Map.of("network", "Digits\n\t\\", "steps", "12"));
    }

    private static byte[] bytes(SafeTensors file) throws IOException {
        var out = new ByteArrayOutputStream();
        file.write(out);
        return out.toByteArray();
    }

    private Path file(byte... bytes) throws IOException {
        return Files.write(folder.resolve("w.safetensors"), bytes);
    }

    @Test
    void everyBitComesBack() throws IOException {
        Path file = folder.resolve("w.safetensors");
        sample().write(file);
        SafeTensors back = SafeTensors.read(file);
        assertEquals(sample().metadata(), back.metadata());
        assertEquals(List.copyOf(sample().tensors().keySet()), List.copyOf(back.tensors().keySet()));
        sample().tensors().forEach((name, tensor) -> {
            assertArrayEquals(tensor.shape(), back.tensors().get(name).shape());
            assertArrayEquals(bits(tensor), bits(back.tensors().get(name)));
        });
        assertArrayEquals(Files.readAllBytes(file), bytes(back));
    }

    private static int[] bits(Tensor tensor) {
        int[] bits = new int[tensor.size()];
        Arrays.setAll(bits, i -> Float.floatToRawIntBits(tensor.floats()[i]));
        return bits;
    }

    @Test
    void thePayloadIsAligned() throws IOException {
        assertEquals(0, ByteBuffer.wrap(bytes(sample())).order(ByteOrder.LITTLE_ENDIAN).getLong() % 8);
    }

    @Test
    void largeTensorsPassInChunks() throws IOException {
        float[] values = new float[100_003];
        for (int i = 0; i < values.length; i++) values[i] = i * 0.5f;
        Path file = folder.resolve("w.safetensors");
        new SafeTensors(Map.of("big", Tensor.of(values, values.length)), Map.of()).write(file);
        assertArrayEquals(values, SafeTensors.read(file).tensors().get("big").floats());
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
        byte[] whole = bytes(sample());
        for (int length = 0; length < whole.length; length++) {
            Path file = file(Arrays.copyOf(whole, length));
            String message = assertThrows(WeightsException.class, () -> SafeTensors.read(file)).getMessage();
            assertTrue(message.startsWith(file + ": "), message);
            byte[] part = Arrays.copyOf(whole, length);
            assertThrows(WeightsException.class, () -> SafeTensors.read("stream", new ByteArrayInputStream(part), -1, _ -> {}, (_, _) -> {}));
        }
    }

    @Test
    void aChangedBitInThePayloadIsFound() throws IOException {
        byte[] whole = bytes(sample());
        int payload = 4 * (6 + 1 + 2);
        for (int at = whole.length - payload; at < whole.length; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Path file = file(damaged);
            assertTrue(assertThrows(WeightsException.class, () -> SafeTensors.read(file)).getMessage().startsWith(file + ": damaged: the CRC32C"));
        }
    }

    @Test
    void aFileOfAnotherProgramNeedsNoChecksum() throws IOException {
        Path file = raw("{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4);
        assertArrayEquals(new float[1], SafeTensors.read(file).tensors().get("x").floats());
    }

    private Path raw(String header, int payload) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return file(ByteBuffer.allocate(8 + text.length + payload).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length).put(text).array());
    }

    @Test
    void aHeaderThatLiesIsRefused() throws IOException {
        refused("expected dtype F32, found F16", "{\"x\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]}}");
        refused("takes 8 bytes, its offsets say 4", "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}");
        refused("begins at byte 4 of the payload instead of 0", "{\"x\":{\"dtype\":\"F32\",\"shape\":[0],\"data_offsets\":[4,4]}}");
        refused("is too large", "{\"x\":{\"dtype\":\"F32\",\"shape\":[2000000000,2000000000],\"data_offsets\":[0,4]}}");
        refused("stands twice", "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        refused("begins at byte 0 of the payload instead of 4", "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}");
        refused("a count is expected", "{\"x\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}");
        refused("no member \"shape\"", "{\"x\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}");
        refused("too long", "{}");
        refused("does not begin with '{'", " {}");
        refused("the text ends too early", "{\"x\":");
    }

    private void refused(String why, String header) throws IOException {
        Path file = raw(header, 4);
        String message = assertThrows(WeightsException.class, () -> SafeTensors.read(file)).getMessage();
        assertTrue(message.startsWith(file + ": ") && message.contains(why), message);
    }

    @Test
    void foreignFilesAreRefused() throws IOException {
        for (String text : List.of("", "PK\3\4", "label,x,y\n1,2,3\n", "\u0093NUMPY and more of it")) {
            Path file = file(text.getBytes(StandardCharsets.UTF_8));
            assertThrows(WeightsException.class, () -> SafeTensors.read(file));
        }
        assertThrows(WeightsException.class, () -> SafeTensors.read(folder.resolve("absent")));
        assertThrows(WeightsException.class, () -> SafeTensors.read(folder));
    }

    @Test
    void aFailedWriteLeavesTheOldFile() throws IOException {
        Path file = folder.resolve("w.safetensors");
        Files.writeString(file, "old");
        assertThrows(WeightsException.class, () -> AtomicFile.write(file, out -> {
            out.write(1);
            throw new IOException("disk full");
        }));
        assertEquals("old", Files.readString(file));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(file), files.toList());
        }
    }
}
