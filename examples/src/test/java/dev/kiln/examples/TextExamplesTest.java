package dev.kiln.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.Main;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Warm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;
import mail.Mail;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import phonemes.Phonemes;

/// The examples that read text, on a slice of their data.
class TextExamplesTest {
    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();

    private void run(String... arguments) {
        assertEquals(0, Main.run(new PrintWriter(out), new PrintWriter(out), arguments), out::toString);
    }

    /// Trains on the first rows of the data; its loss falls, and the jar scores the same rows.
    private void learns(String name, String data, int lines) throws IOException {
        List<String> slice;
        try (var in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(Path.of(name, "data", data))), StandardCharsets.UTF_8))) {
            slice = in.lines().limit(lines).toList();
        }
        Path rows = Files.write(folder.resolve("slice.tsv"), slice);
        Path jar = folder.resolve(name + ".jar");
        run("train", "%s/%s.nn".formatted(name, name), "--data", rows.toString(), "--epochs", "4", "--validate", "0", "-o", jar.toString());
        List<String> history = Files.readAllLines(folder.resolve(name + ".csv"));
        double first = Double.parseDouble(history.get(1).split(",", -1)[3]);
        double last = Double.parseDouble(history.getLast().split(",", -1)[3]);
        assertTrue(last < 0.93 * first, "loss %s after one epoch, %s after four".formatted(first, last));
        run("evaluate", jar.toString(), "--data", rows.toString());
        assertTrue(out.toString().contains("accuracy 0."), out.toString());
    }

    @Test
    void mailIsLearned() throws IOException {
        learns("mail", "mail.tsv.gz", 241);
    }

    @Test
    void phonemesAreLearnedAndWordsComeOutAsLines() throws IOException {
        learns("phonemes", "words.tsv.gz", 601);
        Path words = Files.writeString(folder.resolve("words.txt"), "kiln\na\n");
        run("run", folder.resolve("phonemes.jar").toString(), "--input", "word=" + words, "--output", "sound=" + folder.resolve("sound.txt"));
        assertEquals(2, Files.readAllLines(folder.resolve("sound.txt")).size());
    }

    @Test
    void mailIsSorted() {
        SortMail.main(new String[0]);
        try (Mail network = Mail.load(Options.defaults().warm(Warm.NEVER))) {
            assertEquals(3, network.predict("one", "", "three words here").spam().extent(0));
        }
    }

    @Test
    void whereTheNetworkLookedIsDrawn() throws IOException {
        Path png = folder.resolve("looked.png");
        SayWords.main(new String[] {png.toString(), "kiln", "phoneme"});
        assertEquals(26 + 4 * 28 + 52 + 7 * 28 + 52, ImageIO.read(png.toFile()).getWidth());
        try (Phonemes network = Phonemes.load(Options.defaults().warm(Warm.NEVER))) {
            Phonemes.Output y = network.predict("kiln", "phoneme");
            double sum = 0;
            for (int t = 0; t < 4; t++) sum += y.looked().get(0, 0, t);
            assertEquals(1, sum, 1e-5, "all that it looks at lies inside the word");
        }
    }

    @Test
    void changesAreCounted() throws IOException {
        assertEquals(0, PhonemeError.changes(List.of("A", "B"), List.of("A", "B")));
        assertEquals(3, PhonemeError.changes(List.of(), List.of("A", "B", "C")));
        assertEquals(2, PhonemeError.changes(List.of("A", "X", "C", "D"), List.of("A", "B", "C")));
        List<String[]> rows = PhonemeError.rows(Path.of("phonemes/data/unseen.tsv.gz"));
        assertEquals(2_000, rows.size());
        try (Network network = Phonemes.load(Options.defaults().warm(Warm.NEVER))) {
            assertTrue(PhonemeError.error(network, "greedy", rows.subList(0, 60)) > 0.5, "nothing is learned yet");
        }
    }
}
