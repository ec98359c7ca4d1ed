package dev.kiln.compiler.driver;

import dev.kiln.compiler.group.Arithmetic;
import dev.kiln.compiler.source.SourceFile;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// What a jar says of how it was made. Nothing that changes from run to run.
final class Facts {
    static Map<String, String> of(SourceFile source, Arithmetic arithmetic) {
        var facts = new TreeMap<String, String>();
        facts.put("source", source.name().substring(source.name().replace('\\', '/').lastIndexOf('/') + 1));
        facts.put("sourceSha256", sha256(source.text()));
        facts.put("compiler", version());
        facts.put("arithmetic", arithmetic.name().toLowerCase(Locale.ROOT));
        return facts;
    }

    static String version() {
        var version = Facts.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private Facts() {}
}
