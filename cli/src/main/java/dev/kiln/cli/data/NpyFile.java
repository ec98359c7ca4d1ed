package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One array in NumPy's `.npy` form, versions 1 to 3, row-major.
/// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record NpyFile(String file, List<Long> shape, double[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern DESCRIPTION = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([fiub])([1248])'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");

    public NpyFile {
        shape = List.copyOf(shape);
        if (count(shape) != values.length) {
            throw UserError.input("%s: shape %s does not hold %d numbers", file, shape, values.length);
        }
    }

    public static NpyFile read(String file, InputStream stream) throws IOException {
        DataInputStream in = new DataInputStream(stream);
        byte[] start = in.readNBytes(8);
        if (start.length < 8 || !Arrays.equals(start, 0, 6, MAGIC, 0, 6) || start[6] < 1 || start[6] > 3) {
            throw UserError.input("%s is no .npy file of version 1, 2 or 3", file);
        }
        int length = start[6] == 1 ? Short.toUnsignedInt(Short.reverseBytes(in.readShort())) : Integer.reverseBytes(in.readInt());
        if (length < 0 || length > 1 << 20) {
            throw UserError.input("%s: a header of %d bytes is not believable", file, length);
        }
        String header = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        Matcher description = find(DESCRIPTION, header, file);
        Matcher shapeText = find(SHAPE, header, file);
        if (find(ORDER, header, file).group(1).equals("True")) {
            throw UserError.input("%s is stored column by column; save it with numpy.ascontiguousarray", file);
        }
        List<Long> shape = Arrays.stream(shapeText.group(1).split(",")).map(String::strip).filter(s -> !s.isEmpty()).map(Long::valueOf).toList();
        int bytes = Integer.parseInt(description.group(3));
        long size = count(shape) * bytes;
        if (size > Integer.MAX_VALUE - 16) {
            throw UserError.input("%s is larger than 2 GB", file);
        }
        byte[] data = in.readNBytes((int) size);
        if (data.length < size) {
            throw UserError.input("%s is cut off: %d bytes of numbers are there, its shape %s needs %d", file, data.length, shape, size);
        }
        ByteOrder order = description.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return new NpyFile(file, shape, decode(ByteBuffer.wrap(data).order(order), description.group(2) + bytes, file));
    }

    /// Every entry of the first axis as a row, its other axes laid out one after another.
    void rows(Sink sink) {
        if (shape.isEmpty() || shape.getFirst() == 0) {
            throw UserError.input("%s is empty: its shape is %s", file, shape);
        }
        sink.header(new Header(file, List.of()));
        int rows = Math.toIntExact(shape.getFirst());
        int width = values.length / rows;
        for (int r = 0; r < rows; r++) {
            sink.row(new ArrayRow(r, width));
        }
    }

    private final class ArrayRow implements Row {
        private final int row;
        private final int width;

        ArrayRow(int row, int width) {
            this.row = row;
            this.width = width;
        }

        @Override
        public int width() {
            return width;
        }

        @Override
        public double number(int column) {
            if (column >= width) {
                throw UserError.input("%s: there is no column %d; a row has %d numbers, counted from 0", file, column, width);
            }
            return values[row * width + column];
        }

        @Override
        public String place() {
            return file + "[" + row + "]";
        }

        @Override
        public String describe(int column) {
            return "column " + column;
        }
    }

    private static long count(List<Long> shape) {
        return shape.stream().reduce(1L, Math::multiplyExact);
    }

    private static Matcher find(Pattern pattern, String header, String file) {
        Matcher matcher = pattern.matcher(header);
        if (!matcher.find()) {
            throw UserError.input("%s: its header is not understood: %s", file, header.strip());
        }
        return matcher;
    }

    private static double[] decode(ByteBuffer in, String type, String file) {
        int bytes = type.charAt(1) - '0';
        double[] out = new double[in.remaining() / bytes];
        for (int i = 0; i < out.length; i++) {
            out[i] = switch (type) {
                case "f4" -> in.getFloat();
                case "f8" -> in.getDouble();
                case "i1" -> in.get();
                case "u1", "b1" -> Byte.toUnsignedInt(in.get());
                case "i2" -> in.getShort();
                case "u2" -> Short.toUnsignedInt(in.getShort());
                case "i4" -> in.getInt();
                case "u4" -> Integer.toUnsignedLong(in.getInt());
                case "i8" -> in.getLong();
                default -> throw UserError.input("%s holds numbers of type %s; f4, f8, i1, i2, i4, i8, u1, u2, u4 and b1 are read", file, type);
            };
        }
        return out;
    }
}
