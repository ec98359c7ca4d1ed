package dev.kiln.examples;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Tensor;
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

/// Monte Carlo dropout: the same digits many times, each time with other units left out. Where the answers spread, the network is in doubt. Gal and Ghahramani 2016.
public final class DoubtDigits {
    private static final int PIXELS = 28 * 28;
    private static final int CLASSES = 10;
    private static final int DRAWS = 30;

    private DoubtDigits() {}

    /// How sure the network is of some digits.
    /// @param accuracy    of the mean probabilities
    /// @param plain       of a prediction without dropout
    /// @param spreadRight the standard deviation of the answer's probability, the mean over digits that are right
    /// @param spreadWrong the same over those that are wrong
    record Doubt(double accuracy, double plain, double spreadRight, double spreadWrong) {}

    /// Prints how often the network is right, and its doubt.
    /// @param arguments digits that the training has not seen (`label, 784 grey values` a line, gzip), and `digits.jar`
    public static void main(String[] arguments) throws IOException {
        List<float[]> rows;
        try (var in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(Path.of(arguments[0]))), StandardCharsets.UTF_8))) {
            rows = in.lines().filter(line -> Character.isDigit(line.charAt(0))).map(DoubtDigits::numbers).toList();
        }
        try (Network network = Network.open(Path.of(arguments[1]))) {
            Doubt doubt = doubt(network, rows);
            System.out.printf(Locale.ROOT, "%,d digits: %.2f %% right without dropout, %.2f %% by the mean of %d draws; the probability of the answer spreads by %.4f where it is right and by %.4f where it is wrong%n",
                    rows.size(), 100 * doubt.plain(), 100 * doubt.accuracy(), DRAWS, doubt.spreadRight(), doubt.spreadWrong());
        }
    }

    private static float[] numbers(String line) {
        String[] cells = line.split(",", -1);
        float[] numbers = new float[cells.length];
        for (int i = 0; i < cells.length; i++) numbers[i] = Float.parseFloat(cells[i]);
        return numbers;
    }

    /// @param rows a label and the grey values of a digit each, from 0 to 255
    static Doubt doubt(Network network, List<float[]> rows) {
        int n = rows.size();
        float[] pixels = new float[n * PIXELS];
        for (int i = 0; i < n; i++) for (int j = 0; j < PIXELS; j++) pixels[i * PIXELS + j] = rows.get(i)[j + 1] / 255;
        Tensor images = Tensor.of(pixels, n, 1, 28, 28);
        int place = Arrays.stream(network.outputs("predict")).map(door -> door.name()).toList().indexOf("probability");
        float[] once = network.predict(images)[place].floats();
        double[] plain = new double[once.length];
        Arrays.setAll(plain, i -> once[i]);
        double[] mean = new double[n * CLASSES];
        double[] square = new double[n * CLASSES];
        for (int draw = 1; draw <= DRAWS; draw++) {
            float[] probability = network.sample(draw, images)[place].floats();
            for (int i = 0; i < mean.length; i++) {
                mean[i] += probability[i] / DRAWS;
                square[i] += (double) probability[i] * probability[i] / DRAWS;
            }
        }
        int right = 0;
        int rightPlainly = 0;
        double[] spread = new double[2];
        for (int i = 0; i < n; i++) {
            int best = best(i, mean);
            boolean hit = best == (int) rows.get(i)[0];
            right += hit ? 1 : 0;
            rightPlainly += best(i, plain) == (int) rows.get(i)[0] ? 1 : 0;
            int at = i * CLASSES + best;
            spread[hit ? 0 : 1] += Math.sqrt(Math.max(0, square[at] - mean[at] * mean[at]));
        }
        return new Doubt((double) right / n, (double) rightPlainly / n, spread[0] / Math.max(1, right), spread[1] / Math.max(1, n - right));
    }

    private static int best(int row, double... probability) {
        int best = 0;
        for (int c = 1; c < CLASSES; c++) if (probability[row * CLASSES + c] > probability[row * CLASSES + best]) best = c;
        return best;
    }
}
