package dev.kiln.examples;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Vocabulary;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/// How often a network of this folder is wrong about words that it has never seen: the changes (a phoneme too many, missing, or another one) that make what it says right,
/// divided by the phonemes that are right.
public final class PhonemeError {
    private static final int AT_ONCE = 50;

    private PhonemeError() {}

    /// Prints the error of both ways to speak.
    /// @param arguments a jar (`phonemes.jar`, `plain.jar`) and the words (`word`, tab, phonemes)
    public static void main(String[] arguments) throws IOException {
        List<String[]> rows = rows(Path.of(arguments[1]));
        try (Network network = Network.open(Path.of(arguments[0]))) {
            System.out.printf(Locale.ROOT, "%s, %,d words: phoneme error %.2f %% by beam search, %.2f %% greedily%n", network.model().name(), rows.size(), 100 * error(network, "sound", rows), 100 * error(network, "greedy", rows));
        }
    }

    static List<String[]> rows(Path file) throws IOException {
        try (var in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            return in.lines().skip(1).map(line -> line.split("\t", -1)).toList();
        }
    }

    /// The changes of all rows divided by the right phonemes of all rows.
    static double error(Network network, String output, List<String[]> rows) {
        int place = Arrays.stream(network.outputs("predict")).map(door -> door.name()).toList().indexOf(output);
        Vocabulary letters = network.model().text("word").orElseThrow();
        Vocabulary phonemes = network.model().text(output).orElseThrow();
        long changes = 0;
        long right = 0;
        for (int from = 0; from < rows.size(); from += AT_ONCE) {
            List<String[]> some = rows.subList(from, Math.min(rows.size(), from + AT_ONCE));
            Tensor words = letters.encodeAll(some.stream().map(row -> row[0]).toArray(String[]::new));
            String[] said = phonemes.decodeAll(network.predict(words)[place]);
            for (int i = 0; i < said.length; i++) {
                List<String> meant = Vocabulary.Split.SPACES.pieces(some.get(i)[1]);
                changes += changes(Vocabulary.Split.SPACES.pieces(said[i]), meant);
                right += meant.size();
            }
        }
        return (double) changes / right;
    }

    /// The least number of pieces to put in, take out or replace. Levenshtein 1966.
    static int changes(List<String> said, List<String> meant) {
        int[] above = new int[meant.size() + 1];
        Arrays.setAll(above, j -> j);
        for (int i = 1; i <= said.size(); i++) {
            int[] here = new int[above.length];
            here[0] = i;
            for (int j = 1; j < here.length; j++) {
                int replaced = above[j - 1] + (said.get(i - 1).equals(meant.get(j - 1)) ? 0 : 1);
                here[j] = Math.min(replaced, Math.min(above[j], here[j - 1]) + 1);
            }
            above = here;
        }
        return above[meant.size()];
    }
}
