package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// Weights as a safetensors file: eight bytes of header length (little endian), a JSON header, the tensors. Only F32 tensors, row-major, side by side in the order of
/// the header. The CRC32C of the payload stands in the metadata as `crc32c`; a file without it (written by other programs) is accepted.
///
/// @param tensors by name, in the order of the file
/// @param metadata free texts, without `crc32c`
public record SafeTensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
    static final String CRC = "crc32c";
    private static final int CHUNK = 1 << 16;

    public SafeTensors {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    }

    /// Takes one tensor after the other as they are read.
    interface Sink {
        /// Takes a tensor.
        /// @param values the elements, row-major, and whatever a larger tensor left behind them; to be overwritten by the next tensor
        void take(SafeTensorsHeader.Item item, float[] values);
    }

    /// Reads a whole file.
    /// @throws WeightsException when it is no such file, truncated or damaged
    public static SafeTensors read(Path file) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = read(file, _ -> {}, (item, values) -> tensors.put(item.name(), Tensor.of(Arrays.copyOf(values, item.elements()), item.shapeArray())));
        return new SafeTensors(tensors, metadata);
    }

    /// Hands the tensors of a file over, see [#read(String, InputStream, long, Consumer, Sink)].
    static Map<String, String> read(Path file, Consumer<SafeTensorsHeader> check, Sink sink) {
        try (InputStream in = Files.newInputStream(file)) {
            return read(file.toString(), in, Files.size(file), check, sink);
        } catch (IOException e) {
            throw new WeightsException(file + ": cannot be read: " + e, e);
        }
    }

    /// Hands the tensors of a stream over, one at a time: large networks are in memory once. That the last byte is as it was written shows after the last tensor has been
    /// taken, so what was taken counts only if this returns.
    /// @param length of the stream, -1 if unknown
    /// @param check  throws before any tensor is read
    /// @return the metadata, without `crc32c`
    static Map<String, String> read(String where, InputStream in, long length, Consumer<SafeTensorsHeader> check, Sink sink) throws IOException {
        SafeTensorsHeader header = SafeTensorsHeader.read(where, in, length);
        check.accept(header);
        var crc = new CRC32C();
        byte[] bytes = new byte[CHUNK];
        float[] values = {};
        for (var item : header.items()) {
            // not at once for the largest: a foreign header may speak of more than there is
            if (values.length < item.elements()) values = new float[item.elements()];
            for (int at = 0; at < item.elements(); ) {
                int count = Math.min(CHUNK / 4, item.elements() - at);
                if (in.readNBytes(bytes, 0, 4 * count) < 4 * count) throw new WeightsException(where + ": truncated in tensor '" + item.name() + "'");
                crc.update(bytes, 0, 4 * count);
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values, at, count);
                at += count;
            }
            sink.take(item, values);
        }
        if (in.read() >= 0) throw new WeightsException(where + ": more bytes behind the last tensor");
        Map<String, String> metadata = new TreeMap<>(header.metadata());
        String expected = metadata.remove(CRC);
        String found = hex(crc);
        if (expected != null && !expected.equals(found)) {
            throw new WeightsException(where + ": damaged: the CRC32C of its tensors is " + found + ", its header says " + expected);
        }
        return metadata;
    }

    /// Writes the file beside its place, forces it to the disk and moves it there: readers see the old file or the new one, never a part.
    public void write(Path file) {
        AtomicFile.write(file, this::write);
    }

    /// Writes to a stream. Equal tensors and metadata give equal bytes.
    public void write(OutputStream out) throws IOException {
        var crc = new CRC32C();
        each((bytes, count) -> crc.update(bytes, 0, count));
        Map<String, String> all = new TreeMap<>(metadata);
        all.put(CRC, hex(crc));
        out.write(SafeTensorsHeader.bytes(tensors, all));
        each((bytes, count) -> out.write(bytes, 0, count));
    }

    private interface Bytes {
        void take(byte[] bytes, int count) throws IOException;
    }

    private void each(Bytes action) throws IOException {
        byte[] bytes = new byte[CHUNK];
        for (Tensor tensor : tensors.values()) {
            for (int at = 0; at < tensor.size(); ) {
                int count = Math.min(CHUNK / 4, tensor.size() - at);
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(tensor.floatArray(), tensor.offset() + at, count);
                action.take(bytes, 4 * count);
                at += count;
            }
        }
    }

    private static String hex(CRC32C crc) {
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }
}
