package dev.kiln.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec.Columns;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final Wanted LABEL = new Wanted("label", true, List.of(), new Columns.At(0));
    private static final Wanted PIXELS =
            new Wanted("image", false, List.of(1L, 3L), new Columns.Arithmetic("/", new Columns.Range(1, 3), new Columns.Constant(2)));

    @TempDir
    Path folder;

    @Test
    void headerLineIsRecognised() throws IOException {
        Dataset data = read("rows.csv", "label,a,b,c\n7,1,2,3\n8,4,5,6\n", LABEL, PIXELS);
        assertEquals(2, data.rows());
        assertArrayEquals(new float[] {7, 8}, data.features().getFirst().values());
        assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, data.features().get(1).values());
    }

    @Test
    void fileWithoutHeaderLosesNoRow() throws IOException {
        assertEquals(2, read("rows.csv", "7,1,2,3\n8,4,5,6\n", LABEL, PIXELS).rows());
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        Wanted weight = new Wanted("y", false, List.of(), new Columns.Named("weight"));
        assertArrayEquals(new float[] {2.5f}, read("rows.tsv", "height\tweight\n1\t2.5\n", weight).features().getFirst().values());
        assertRefused("rows.csv has no column \"weight\"; it has \"height\", \"mass\"", "height,mass\n1,2\n", weight);
        assertRefused("rows.csv has no header line", "1,2\n", weight);
    }

    @Test
    void gzipIsReadWhateverItsName() throws IOException {
        Path path = folder.resolve("rows.csv");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
            out.write("3,1,2,3\n".getBytes(StandardCharsets.UTF_8));
        }
        assertEquals(1, Dataset.read(Reader.CSV, path, List.of(LABEL)).rows());
    }

    @Test
    void raggedRowIsNamedByItsLine() {
        assertRefused("rows.csv:3: this row has 2 columns, the rows before it have 4", "label,a,b,c\n7,1,2,3\n8,4\n", LABEL);
    }

    @Test
    void cellWithoutNumberIsNamedByLineAndColumn() {
        assertRefused("rows.csv:3: column 2 (\"b\") holds \"five\", which is no number", "label,a,b,c\n7,1,2,3\n8,4,five,6\n", LABEL, PIXELS);
        assertRefused("rows.csv:2: column 2 (\"b\") holds nothing, which is no number", "label,a,b,c\n7,1,,3\n", LABEL, PIXELS);
        assertRefused("rows.csv:2: column 2 (\"b\") holds \"NaN\", which is no number", "label,a,b,c\n7,1,NaN,3\n", LABEL, PIXELS);
    }

    @Test
    void fractionIsNoWholeNumber() {
        assertRefused("rows.csv:1: label is i32, and 7.5 is no whole number", "7.5,1,2,3\n", LABEL);
    }

    @Test
    void missingColumnSaysHowManyThereAre() {
        assertRefused("rows.csv:1: there is no column 3; the file has 3 columns, counted from 0", "7,1,2\n", PIXELS);
    }

    @Test
    void countOfColumnsMustFillTheInput() {
        assertRefused("image: f32[1, 3] takes 3 numbers a row, and the data block gives it 2", "7,1,2,3\n",
                new Wanted("image", false, List.of(1L, 3L), new Columns.Range(1, 2)));
    }

    @Test
    void missingFileAndEmptyFileAreSaidSo() {
        UserError missing = assertThrows(UserError.class, () -> Dataset.read(Reader.CSV, folder.resolve("none.csv"), List.of(LABEL)));
        assertEquals("there is no data file " + folder.resolve("none.csv"), missing.getMessage());
        assertRefused("rows.csv is empty", "", LABEL);
        assertRefused("has a header line and no rows", "label,a\n", LABEL);
    }

    @Test
    void arrayFileIsReadRowByRow() throws IOException {
        Path path = folder.resolve("rows.npy");
        try (OutputStream out = Files.newOutputStream(path)) {
            out.write(npy("<f4", "(2, 2, 2)", new byte[] {0, 0, -128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, -128, 64, 0, 0, -96, 64, 0, 0, -64, 64, 0, 0, -32, 64, 0, 0, 0, 65}));
        }
        Wanted all = new Wanted("x", false, List.of(4L), new Columns.Range(0, 3));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, Dataset.read(Reader.of(path), path, List.of(all)).features().getFirst().values());
    }

    @Test
    void cutOffArrayFileIsSaidSo() throws IOException {
        Path path = folder.resolve("rows.npy");
        Files.write(path, npy("<f4", "(2, 2)", new byte[12]));
        UserError error = assertThrows(UserError.class, () -> Dataset.read(Reader.of(path), path, List.of(LABEL)));
        assertEquals("cannot read %s: it is cut off: 12 bytes of numbers are there, its shape [2, 2] needs 16".formatted(path), error.getMessage());
    }

    private static byte[] npy(String type, String shape, byte... numbers) {
        String header = "{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n".formatted(type, shape);
        var bytes = ByteBuffer.allocate(10 + header.length() + numbers.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) header.length());
        bytes.put(header.getBytes(StandardCharsets.US_ASCII)).put(numbers);
        return bytes.array();
    }

    private Dataset read(String name, String text, Wanted... wanted) throws IOException {
        Path path = Files.writeString(folder.resolve(name), text);
        return Dataset.read(Reader.of(path), path, List.of(wanted));
    }

    private void assertRefused(String message, String text, Wanted... wanted) {
        UserError error = assertThrows(UserError.class, () -> read("rows.csv", text, wanted));
        assertEquals(true, error.getMessage().contains(message), error.getMessage());
    }
}
