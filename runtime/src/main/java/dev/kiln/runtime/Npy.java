package dev.kiln.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// NumPy's array format (NEP 1): little-endian floats and ints of 4 or 8 bytes and bytes, row-major.
final class Npy {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(((\\d{1,9},? ?)*)\\)");

    private Npy() {}

    static Tensor read(Path file, Door door) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        String header = header(file, bytes);
        String type = part(file, TYPE, header);
        if (part(file, ORDER, header).equals("True")) throw new IOException(file + ": stored column by column (fortran_order); save it row by row");
        int[] shape = Arrays.stream(part(file, SHAPE, header).split(",")).map(String::strip).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
        int size = Shapes.size(shape);
        int width = switch (type) {
            case "<f4", "<i4" -> 4;
            case "<f8", "<i8" -> 8;
            case "|u1", "|b1", "|i1" -> 1;
            default -> throw new IOException(file + ": numbers of type '" + type + "' are not read; save it as float32");
        };
        if (bytes.remaining() != (long) width * size) {
            throw new IOException(file + ": " + bytes.remaining() + " bytes instead of " + (long) width * size + " for an array " + Shapes.print(shape) + " of '" + type + "'");
        }
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            values[i] = switch (type) {
                case "<f4" -> bytes.getFloat();
                case "<f8" -> bytes.getDouble();
                case "<i4" -> bytes.getInt();
                case "<i8" -> bytes.getLong();
                case "|i1" -> bytes.get();
                default -> bytes.get() & 0xFF;
            };
        }
        return Csv.tensor(file.toString(), values, door, shape);
    }

    private static String header(Path file, ByteBuffer bytes) throws IOException {
        byte[] magic = new byte[MAGIC.length];
        if (bytes.remaining() < 12) throw new IOException(file + ": not a .npy file");
        bytes.get(magic);
        if (!Arrays.equals(magic, MAGIC)) throw new IOException(file + ": not a .npy file");
        int major = bytes.get();
        bytes.get();
        int length = major == 1 ? bytes.getShort() & 0xFFFF : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) throw new IOException(file + ": truncated in its header");
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static String part(Path file, Pattern pattern, String header) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) throw new IOException(file + ": not a .npy file: its header is " + header.strip());
        return matcher.group(1);
    }

    static void write(Path file, Tensor tensor) throws IOException {
        String shape = Arrays.stream(tensor.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", tensor.rank() == 1 ? ",)" : ")"));
        String header = "{'descr': '" + (tensor.isInt() ? "<i4" : "<f4") + "', 'fortran_order': False, 'shape': " + shape + ", }";
        header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(10 + header.length(), Math.multiplyExact(4, tensor.size()))).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        if (tensor.isInt()) bytes.asIntBuffer().put(tensor.intArray(), tensor.offset(), tensor.size());
        else bytes.asFloatBuffer().put(tensor.floatArray(), tensor.offset(), tensor.size());
        Files.write(file, bytes.array());
    }
}
