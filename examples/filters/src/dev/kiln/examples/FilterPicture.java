package dev.kiln.examples;

import dev.kiln.runtime.Tensor;
import filters.Filters;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import javax.imageio.ImageIO;

/// Draws 8 by 8 digits as one picture, filters it, and writes picture, smoothed picture, edges and spots side by side as a PNG.
public final class FilterPicture {
    private static final int DIGIT = 28;
    private static final int SIZE = 8 * DIGIT;

    private FilterPicture() {}

    /// Filters the digits of a file.
    /// @param args the digits (`label, 784 grey values` a line, gzip) and the PNG to write
    public static void main(String[] args) throws IOException {
        float[] picture = picture(Path.of(args[0]));
        try (Filters filters = Filters.load()) {
            Filters.Output y = filters.predict(Tensor.of(picture, 1, 1, SIZE, SIZE));
            var image = new BufferedImage(4 * SIZE, SIZE, BufferedImage.TYPE_BYTE_GRAY);
            draw(image, 0, picture);
            draw(image, 1, y.smooth().floats());
            draw(image, 2, y.edges().floats());
            draw(image, 3, y.spots().floats());
            ImageIO.write(image, "png", Path.of(args[1]).toFile());
        }
    }

    /// The first 64 digits in a square, grey values from 0 to 1.
    static float[] picture(Path digits) throws IOException {
        float[] picture = new float[SIZE * SIZE];
        try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(Files.newInputStream(digits)), StandardCharsets.UTF_8))) {
            var rows = lines.lines().skip(1).limit(64).map(line -> line.split(",")).toList();
            for (int n = 0; n < rows.size(); n++)
                for (int i = 0; i < DIGIT * DIGIT; i++) {
                    int row = n / 8 * DIGIT + i / DIGIT;
                    int column = n % 8 * DIGIT + i % DIGIT;
                    picture[row * SIZE + column] = Float.parseFloat(rows.get(n)[i + 1]) / 255;
                }
        }
        return picture;
    }

    /// From the least value, black, to the greatest, white.
    private static void draw(BufferedImage image, int place, float... values) {
        double least = range(values).getMin();
        double width = range(values).getMax() - least;
        for (int i = 0; i < values.length; i++) {
            int grey = (int) Math.round(255 * (values[i] - least) / width);
            image.getRaster().setSample(place * SIZE + i % SIZE, i / SIZE, 0, grey);
        }
    }

    private static DoubleSummaryStatistics range(float... values) {
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).summaryStatistics();
    }
}
