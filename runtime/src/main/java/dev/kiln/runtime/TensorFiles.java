package dev.kiln.runtime;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// Tensors as files: `.npy`, or text of numbers (`.csv`, one row for each index of the first axis).
public final class TensorFiles {
    private TensorFiles() {}

    /// Reads a tensor that fits a door; other axes of a text's row are taken from the door's shape.
    /// @param dims the names of the door's dims, for messages
    /// @throws ShapeException when the file's numbers do not fit; the message names file, row and numbers
    /// @throws IOException when it cannot be read or is no such file
    public static Tensor read(Path file, Door door, String... dims) throws IOException {
        return isNpy(file) ? array(file, door) : Csv.read(file, door, dims);
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
    public static void write(Path file, Tensor tensor) throws IOException {
        if (isNpy(file)) Files.write(file, Npy.bytes(tensor));
        else Files.writeString(file, Csv.print(tensor));
    }

    /// The tensor as the text that a `.csv` holds.
    public static String text(Tensor tensor) {
        return Csv.print(tensor);
    }

    private static boolean isNpy(Path file) {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".npy");
    }
}
