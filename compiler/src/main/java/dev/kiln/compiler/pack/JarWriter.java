package dev.kiln.compiler.pack;

import dev.kiln.runtime.AtomicFile;
import dev.kiln.runtime.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes jars whose bytes depend on their contents alone: fixed order, fixed time stamps. Weights are stored, so that they can be mapped.
public final class JarWriter {
    /// 1 January 2026, in the local form that zip files know.
    private static final java.time.LocalDateTime TIME = java.time.LocalDateTime.of(2026, 1, 1, 0, 0);

    /// Writes the whole file or nothing.
    /// @param runtime the classes of the runtime by their paths; empty for a jar that needs the runtime beside it
    public static void write(Path jar, Packed packed, byte[] weights, Map<String, byte[]> runtime) throws IOException {
        var entries = new LinkedHashMap<String, byte[]>();
        entries.put("META-INF/MANIFEST.MF", manifest(packed.model(), !runtime.isEmpty()));
        entries.putAll(packed.entries());
        entries.putAll(runtime);
        entries.put(Model.weightsResource(packed.model().className()), weights);
        AtomicFile.write(jar, out -> {
            // the caller closes the file
            var zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
            for (var e : entries.entrySet()) put(zip, e.getKey(), e.getValue());
            zip.finish();
        });
    }

    private static void put(ZipOutputStream zip, String path, byte[] bytes) throws IOException {
        var entry = new ZipEntry(path);
        entry.setTimeLocal(TIME);
        if (path.endsWith(".safetensors")) {
            var crc = new CRC32();
            crc.update(bytes);
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(bytes.length);
            entry.setCompressedSize(bytes.length);
            entry.setCrc(crc.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
    }

    /// @param runs whether the jar has all that it takes to be run by itself
    private static byte[] manifest(Model model, boolean runs) {
        var lines = new StringBuilder("Manifest-Version: 1.0\r\n");
        if (runs) line(lines, "Main-Class", "dev.kiln.launch.Launch");
        line(lines, Model.MANIFEST, model.className());
        line(lines, "Add-Exports", "java.base/jdk.internal.module");
        line(lines, "Automatic-Module-Name", model.className().substring(0, model.className().lastIndexOf('.')));
        return lines.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /// A line of at most 72 bytes; what is longer goes on after a space.
    private static void line(StringBuilder lines, String name, String value) {
        var text = name + ": " + value;
        lines.append(text, 0, Math.min(70, text.length()));
        for (int from = 70; from < text.length(); from += 69) lines.append("\r\n ").append(text, from, Math.min(from + 69, text.length()));
        lines.append("\r\n");
    }

    private JarWriter() {}
}
