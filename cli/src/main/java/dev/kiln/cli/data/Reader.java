package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.compiler.source.DataFile;
import dev.kiln.runtime.Npy;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.ZipException;

/// A kind of data file. The name is the word that stands in the `.nn`.
public enum Reader implements Rows {
    CSV {
        @Override
        void read(String name, InputStream in, Sink sink) throws IOException {
            new Delimited(name, ',').read(in, sink);
        }
    },
    TSV {
        @Override
        void read(String name, InputStream in, Sink sink) throws IOException {
            new Delimited(name, '\t').read(in, sink);
        }
    },
    NPY {
        @Override
        void read(String name, InputStream in, Sink sink) throws IOException {
            new NpyRows(name, Npy.read(in)).read(sink);
        }
    };

    abstract void read(String name, InputStream in, Sink sink) throws IOException;

    public static Reader named(String word) {
        return switch (word) {
            case "csv" -> CSV;
            case "tsv" -> TSV;
            case "npy" -> NPY;
            default -> throw UserError.input("there is no data reader %s; there are csv, tsv and npy", word);
        };
    }

    /// The kind that a file's name says, `.gz` aside; comma-separated when it says nothing.
    public static Reader of(Path path) {
        String name = path.getFileName().toString();
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - 3) : name;
        return plain.endsWith(".npy") ? NPY : plain.endsWith(".tsv") ? TSV : CSV;
    }

    /// How the data block says that its rows are made; a file given instead of the one it names says its kind by its name.
    public static Rows of(DataSpec spec, Optional<Path> instead) {
        if (spec.windows().isPresent()) {
            return new TextRows(spec.windows().get());
        }
        return instead.isPresent() ? of(instead.get()) : named(spec.reader());
    }

    @Override
    public void read(Path path, Sink sink) {
        open(path, in -> read(path.getFileName().toString(), in, sink));
    }

    /// What is done with the bytes of a file.
    interface Use {
        void of(InputStream in) throws IOException;
    }

    /// Reads a file, decompressing it when it is gzip whatever its name.
    static void open(Path path, Use use) {
        try (InputStream in = DataFile.open(path)) {
            use.of(in);
        } catch (NoSuchFileException | FileNotFoundException e) {
            throw UserError.input("there is no data file %s", path).causedBy(e);
        } catch (ZipException | java.io.EOFException e) {
            throw UserError.input("%s is a damaged or cut-off gzip file: %s", path, e.getMessage()).causedBy(e);
        } catch (IOException e) {
            throw UserError.input("cannot read %s: %s", path, e.getMessage()).causedBy(e);
        }
    }
}
