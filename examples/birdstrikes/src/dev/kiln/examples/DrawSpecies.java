package dev.kiln.examples;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;

/// Draws the vectors that DeepFM has learned for the species, on the two directions in which they differ most (principal components): the redder a bird, the more of its strikes did damage.
public final class DrawSpecies {
    private static final int SPECIES = 8;
    private static final int DAMAGE = 2;
    private static final int FIELD = 6;
    private static final int ROWS = 128;
    private static final int SHOWN = 36;
    private static final int WIDTH = 1000;
    private static final int HEIGHT = 640;
    private static final int TURNS = 200;

    private DrawSpecies() {}

    /// Writes the picture.
    /// @param arguments the jar of `deepfm.nn`, the report and the PNG to write
    public static void main(String[] arguments) throws IOException {
        List<String[]> rows;
        try (BufferedReader in = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(Path.of(arguments[1]))), StandardCharsets.UTF_8))) {
            rows = in.lines().skip(1).map(line -> line.split(",", -1)).toList();
        }
        try (Network network = Network.open(Path.of(arguments[0]), Options.defaults().warm(Warm.NEVER))) {
            ImageIO.write(picture(network.weights().get("vector.field_embedding_1.table"), rows), "png", Path.of(arguments[2]).toFile());
        }
    }

    /// @param table f32[fields * ROWS, size]
    static BufferedImage picture(Tensor table, List<String[]> rows) {
        Map<String, Integer> ranks = DeriveStrikes.ranks(rows, SPECIES);
        List<String> names = ranks.keySet().stream().filter(name -> ranks.get(name) <= SHOWN).sorted().toList();
        double[][] vectors = names.stream().map(name -> vector(table, FIELD * ROWS + ranks.get(name))).toArray(double[][]::new);
        double[][] places = places(vectors);
        var image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, HEIGHT);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            long strikes = rows.stream().filter(row -> row[SPECIES].equals(name)).count();
            long damages = rows.stream().filter(row -> row[SPECIES].equals(name) && !row[DAMAGE].equals("None")).count();
            float share = Math.min(1, 2.5f * damages / strikes);
            int x = (int) (40 + (WIDTH - 220) * places[i][0]);
            int y = (int) (20 + (HEIGHT - 40) * places[i][1]);
            g.setColor(new Color(0.15f + 0.75f * share, 0.35f - 0.2f * share, 0.75f - 0.65f * share));
            g.fillOval(x - 5, y - 5, 10, 10);
            g.drawString(name, x + 9, y + 5);
        }
        g.dispose();
        return image;
    }

    private static double[] vector(Tensor table, int row) {
        double[] v = new double[table.extent(1)];
        Arrays.setAll(v, i -> table.get(row, i));
        return v;
    }

    /// Each vector on the two principal components, both stretched to 0..1.
    static double[][] places(double[]... vectors) {
        int size = vectors[0].length;
        double[] mean = new double[size];
        for (double[] v : vectors) for (int i = 0; i < size; i++) mean[i] += v[i] / vectors.length;
        double[][] left = Arrays.stream(vectors).map(double[]::clone).toArray(double[][]::new);
        for (double[] v : left) for (int i = 0; i < size; i++) v[i] -= mean[i];
        double[][] places = new double[vectors.length][2];
        for (int component = 0; component < 2; component++) {
            double[] direction = direction(left);
            double[] along = Arrays.stream(left).mapToDouble(v -> dot(v, direction)).toArray();
            double least = Arrays.stream(along).min().orElseThrow();
            double width = Math.max(1e-12, Arrays.stream(along).max().orElseThrow() - least);
            for (int n = 0; n < left.length; n++) {
                places[n][component] = (along[n] - least) / width;
                for (int i = 0; i < size; i++) left[n][i] -= along[n] * direction[i];
            }
        }
        return places;
    }

    /// In which vectors around zero differ most: the power iteration on their covariance.
    private static double[] direction(double[]... vectors) {
        double[] direction = new double[vectors[0].length];
        Arrays.fill(direction, 1);
        for (int turn = 0; turn < TURNS; turn++) {
            double[] next = new double[direction.length];
            for (double[] v : vectors) {
                double along = dot(v, direction);
                for (int i = 0; i < next.length; i++) next[i] += along * v[i];
            }
            double norm = Math.sqrt(dot(next, next)) + 1e-300;
            for (int i = 0; i < next.length; i++) direction[i] = next[i] / norm;
        }
        return direction;
    }

    private static double dot(double[] a, double... b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }
}
