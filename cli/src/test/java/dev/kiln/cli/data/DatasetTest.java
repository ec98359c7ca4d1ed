package dev.kiln.cli.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Vocabulary;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
    private static final Wanted LABEL = new Wanted.Fixed("label", true, List.of(), new Columns.At(0));
    private static final Wanted PIXELS =
            new Wanted.Fixed("image", false, List.of(1L, 3L), new Columns.Arithmetic("/", new Columns.Range(1, 3), new Columns.Constant(2)));

    @TempDir
    Path folder;

    @Test
    void headerLineIsRecognised() throws IOException {
        Dataset data = read("rows.csv", "label,a,b,c\n7,1,2,3\n8,4,5,6\n", LABEL, PIXELS);
        assertEquals(2, data.rows());
        assertArrayEquals(new int[] {7, 8}, data.features().getFirst().tensor(new int[] {0, 1}, 0, 2).ints());
        assertArrayEquals(new float[] {0.5f, 1, 1.5f, 2, 2.5f, 3}, numbers(data, 1));
    }

    @Test
    void fileWithoutHeaderLosesNoRow() throws IOException {
        assertEquals(2, read("rows.csv", "7,1,2,3\n8,4,5,6\n", LABEL, PIXELS).rows());
    }

    @Test
    void columnsAreFoundByName() throws IOException {
        Wanted weight = new Wanted.Fixed("y", false, List.of(), new Columns.Named("weight"));
        assertArrayEquals(new float[] {2.5f}, numbers(read("rows.tsv", "height\tweight\n1\t2.5\n", weight), 0));
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
                new Wanted.Fixed("image", false, List.of(1L, 3L), new Columns.Range(1, 2)));
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
        Wanted all = new Wanted.Fixed("x", false, List.of(4L), new Columns.Range(0, 3));
        assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, numbers(Dataset.read(Reader.of(path), path, List.of(all)), 0));
    }

    @Test
    void cutOffArrayFileIsSaidSo() throws IOException {
        Path path = folder.resolve("rows.npy");
        Files.write(path, npy("<f4", "(2, 2)", new byte[12]));
        UserError error = assertThrows(UserError.class, () -> Dataset.read(Reader.of(path), path, List.of(LABEL)));
        assertEquals("cannot read %s: it is cut off: 12 bytes of numbers are there, its shape [2, 2] needs 16".formatted(path), error.getMessage());
    }

    private static float[] numbers(Dataset data, int feature) {
        return data.features().get(feature).tensor(Shuffle.none(data.rows()), 0, data.rows()).floats();
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

    private static final Vocabulary WORDS = new Vocabulary("words", Vocabulary.Split.SPACES, List.of("a", "b", "c"), true);
    private static final Columns TEXT = new Columns.Named("text");

    @Test
    void rowsOfTextAreFilledUpInEachBatch() throws IOException {
        Dataset data = read("rows.tsv", "text\tlabel\na b c b\tspam\n\tham\nc \"b\tspam\n", new Wanted.Ragged("line", true, TEXT, Optional.of(WORDS)),
                new Wanted.Fixed("spam", false, List.of(), new Columns.Is(new Columns.Named("label"), "spam")));
        assertEquals(true, data.isRagged());
        assertArrayEquals(new float[] {1, 0, 1}, numbers(data, 1));
        Tensor batch = data.features().getFirst().tensor(new int[] {2, 1}, 0, 2);
        assertArrayEquals(new int[] {2, 2}, batch.shape());
        assertArrayEquals(new int[] {2, WORDS.unknown(), -1, -1}, batch.ints());
        assertArrayEquals(new int[] {1, 1}, data.features().getFirst().tensor(new int[] {1}, 0, 1).shape());
    }

    @Test
    void raggedColumnsBringTheirLengths() throws IOException {
        List<Wanted> wanted = List.of(new Wanted.Ragged("word", true, new Columns.Encoded(TEXT, WORDS), Optional.empty()), new Wanted.Ragged("x", false, new Columns.Listed(new Columns.Named("x")), Optional.empty()),
                new Wanted.Lengths("len", List.of("word", "x")));
        Dataset data = read("rows.csv", "text,x\na b,0.5  -1\n\"c\",2\n", wanted.toArray(Wanted[]::new));
        assertArrayEquals(new int[] {0, 1, 2, 0}, data.features().getFirst().tensor(Shuffle.none(2), 0, 2).ints());
        assertArrayEquals(new float[] {0.5f, -1, 2, 0}, numbers(data, 1));
        assertArrayEquals(new int[] {2, 1}, data.features().get(2).tensor(Shuffle.none(2), 0, 2).ints());
        assertRefused("rows.csv:3: word has 2 steps and x has 1, but both have the length len", "text,x\na,1\na b,2\n", wanted.toArray(Wanted[]::new));
        assertRefused("rows.csv:2: column 1 (\"x\") holds \"two\", which is no number", "text,x\na,two\n", wanted.toArray(Wanted[]::new));
    }

    @Test
    void aPieceThatAClosedVocabularyLacksIsNamed() {
        var letters = Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "ab");
        assertRefused("rows.csv:3: column 0 (\"text\"): vocabulary letters has no piece 'x'", "text\nab\nax\n", new Wanted.Ragged("word", true, TEXT, Optional.of(letters)));
        assertRefused("rows.csv:2: column 0 (\"text\") is 2 pieces of words", "text\na b\n", new Wanted.Fixed("word", true, List.of(), new Columns.Encoded(TEXT, WORDS)));
        assertRefused("word has rows of different lengths: give it word = encode(", "text\nab\n", new Wanted.Ragged("word", true, TEXT, Optional.empty()));
    }
}
