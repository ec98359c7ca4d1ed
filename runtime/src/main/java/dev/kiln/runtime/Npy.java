package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// One array in NumPy's `.npy` form, row-major; read in versions 1 to 3, written in version 1.
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Npy(int[] shape, double[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']*)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(((\\d{1,9}[,\\s]*)*)\\)");
    private static final int LONGEST_HEADER = 1 << 20;

    /// Reads one array.
    /// @throws IOException when it is no such file or cut off; the message does not name the file
    public static Npy read(InputStream in) throws IOException {
        String header = header(in);
        String type = part(TYPE, header);
        if (part(ORDER, header).equals("True")) throw new IOException("it is stored column by column (fortran_order); save it with numpy.ascontiguousarray");
        int[] shape = Arrays.stream(part(SHAPE, header).split(",")).map(String::strip).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
        if (!type.matches("[<>|=][fiub][1248]")) throw unread(type);
        int width = type.charAt(2) - '0';
        long size = Arrays.stream(shape).mapToLong(n -> n).reduce(width, Math::multiplyExact);
        if (size > Integer.MAX_VALUE - 16) throw new IOException("it is larger than 2 GB");
        byte[] data = in.readNBytes((int) size);
        if (data.length < size) throw new IOException("it is cut off: %d bytes of numbers are there, its shape %s needs %d".formatted(data.length, Arrays.toString(shape), size));
        if (in.read() >= 0) throw new IOException("it goes on after the %d bytes of numbers that its shape %s needs".formatted(size, Arrays.toString(shape)));
        return new Npy(shape, decode(ByteBuffer.wrap(data).order(type.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN), type));
    }

    private static String header(InputStream in) throws IOException {
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length) || start[6] < 1 || start[6] > 3) throw new IOException("it is no .npy file of version 1, 2 or 3");
        byte[] count = in.readNBytes(start[6] == 1 ? 2 : 4);
        int length = 0;
        for (int i = count.length - 1; i >= 0; i--) length = length << 8 | Byte.toUnsignedInt(count[i]);
        if (length < 0 || length > LONGEST_HEADER) throw new IOException("a header of %s bytes is not believable".formatted(Integer.toUnsignedString(length)));
        byte[] text = in.readNBytes(length);
        if (text.length < length) throw new IOException("it is cut off in its header");
        return new String(text, StandardCharsets.UTF_8);
    }

    private static String part(Pattern pattern, String header) throws IOException {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) throw new IOException("its header is not understood: " + header.strip());
        return matcher.group(1);
    }

    private static IOException unread(String type) {
        return new IOException("it holds numbers of type '" + type + "'; f4, f8, i1, i2, i4, i8, u1, u2, u4 and b1 are read, of either byte order");
    }

    private static double[] decode(ByteBuffer in, String type) throws IOException {
        double[] out = new double[in.remaining() / (type.charAt(2) - '0')];
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (type.substring(1)) {
                case "f4" -> in.getFloat();
                case "f8" -> in.getDouble();
                case "i1" -> in.get();
                case "u1", "b1" -> Byte.toUnsignedInt(in.get());
                case "i2" -> in.getShort();
                case "u2" -> Short.toUnsignedInt(in.getShort());
                case "i4" -> in.getInt();
                case "u4" -> Integer.toUnsignedLong(in.getInt());
                case "i8" -> in.getLong();
                default -> throw unread(type);
            };
        }
        return out;
    }

    static byte[] bytes(Tensor tensor) {
        String shape = Arrays.stream(tensor.shape()).mapToObj(Integer::toString).collect(Collectors.joining(", ", "(", tensor.rank() == 1 ? ",)" : ")"));
        String header = "{'descr': '" + (tensor.isInt() ? "<i4" : "<f4") + "', 'fortran_order': False, 'shape': " + shape + ", }";
        header += " ".repeat(63 - (10 + header.length()) % 64) + "\n";
        ByteBuffer bytes = ByteBuffer.allocate(Math.addExact(10 + header.length(), Math.multiplyExact(4, tensor.size()))).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) header.length()).put(header.getBytes(StandardCharsets.US_ASCII));
        if (tensor.isInt()) bytes.asIntBuffer().put(tensor.intArray(), tensor.offset(), tensor.size());
        else bytes.asFloatBuffer().put(tensor.floatArray(), tensor.offset(), tensor.size());
        return bytes.array();
    }
}
