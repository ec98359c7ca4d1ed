package dev.kiln.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/// Tensors as files: `.npy`, or text of numbers (`.csv`, one row for each index of the first axis), or of words where a door is text.
public final class TensorFiles {
    private TensorFiles() {}

    /// Reads a tensor that fits a door; other axes of a text's row are taken from the door's shape.
    /// @param dims the names of the door's dims, for messages
    /// @throws ShapeException when the file's numbers do not fit; the message names file, row and numbers
    /// @throws IOException when it cannot be read or is no such file
    public static Tensor read(Path file, Door door, String... dims) throws IOException {
        return isNpy(file) ? array(file, door) : Csv.read(file, door, dims);
    }

    /// Reads what fits a door: for a door that is text one row a line, else as [#read(Path, Door, String...)].
    /// @param text the vocabulary of such a door
    public static Tensor read(Path file, Optional<Vocabulary> text, Door door, String... dims) throws IOException {
        if (text.isEmpty() || isNpy(file)) return read(file, door, dims);
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            try {
                text.get().encode(lines.get(i));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + ":" + (i + 1) + ": " + e.getMessage(), e);
            }
        }
        return text.get().encodeAll(lines.toArray(String[]::new));
    }

    private static Tensor array(Path file, Door door) throws IOException {
        Npy array;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            array = Npy.read(in);
        } catch (FileSystemException e) {
            throw e;
        } catch (IOException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
        return Csv.tensor(file.toString(), array.values(), door, array.shape());
    }

    /// Writes a tensor; which way is said by the name of the file.
    /// @param text the vocabulary of a door that is text
    public static void write(Path file, Optional<Vocabulary> text, Tensor tensor) throws IOException {
        if (isNpy(file)) Files.write(file, Npy.bytes(tensor));
        else Files.writeString(file, print(text, tensor));
    }

    /// The tensor as the text that a `.csv` holds: a line for each index of the first axis.
    /// @param text the vocabulary of a door that is text
    public static String print(Optional<Vocabulary> text, Tensor tensor) {
        return text.isEmpty() ? Csv.print(tensor) : Arrays.stream(text.get().decodeAll(tensor)).map(line -> line + "\n").collect(Collectors.joining());
    }

    private static boolean isNpy(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    }
}
