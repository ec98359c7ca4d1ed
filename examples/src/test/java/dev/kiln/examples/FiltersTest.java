package dev.kiln.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import filters.Filters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The filters on a picture of digits, against plain loops.
class FiltersTest {
    private static final Path DIGITS = Path.of("digits/data/digits.csv.gz");
    private static final int SIZE = 224;
    private static final int REACH = 6;

    @Test
    void filtersAreWhatPlainLoopsCompute() throws IOException {
        float[] picture = FilterPicture.picture(DIGITS);
        double[][] bell = new double[2 * REACH + 1][2 * REACH + 1];
        double mass = 0;
        for (int u = -REACH; u <= REACH; u++)
            for (int v = -REACH; v <= REACH; v++) {
                bell[u + REACH][v + REACH] = Math.exp(-(u * u + v * v) / 8.0);
                mass += bell[u + REACH][v + REACH];
            }
        for (double[] row : bell) for (int v = 0; v < row.length; v++) row[v] /= mass;
        double[] x = new double[picture.length];
        for (int i = 0; i < x.length; i++) x[i] = picture[i];
        double[] smooth = filtered(x, bell);
        double[] across = filtered(smooth, new double[][] {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}});
        double[] down = filtered(smooth, new double[][] {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}});
        double[] spots = filtered(smooth, new double[][] {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}});
        try (Filters filters = Filters.load(Options.defaults().warm(Warm.NEVER))) {
            Filters.Output y = filters.predict(Tensor.of(picture, 1, 1, SIZE, SIZE));
            for (int i = 0; i < x.length; i++) {
                assertEquals(smooth[i], y.smooth().floats()[i], 1e-5, "smooth at " + i);
                assertEquals(Math.hypot(across[i], down[i]), y.edges().floats()[i], 1e-5, "edges at " + i);
                assertEquals(spots[i], y.spots().floats()[i], 1e-5, "spots at " + i);
            }
        }
    }

    private static double[] filtered(double[] x, double[]... kernel) {
        int reach = kernel.length / 2;
        double[] y = new double[x.length];
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++)
                for (int u = -reach; u <= reach; u++)
                    for (int v = -reach; v <= reach; v++)
                        if (i + u >= 0 && i + u < SIZE && j + v >= 0 && j + v < SIZE) y[i * SIZE + j] += x[(i + u) * SIZE + j + v] * kernel[u + reach][v + reach];
        return y;
    }

    @Test
    void thePictureShowsAllFourSideBySide(@TempDir Path folder) throws IOException {
        Path png = folder.resolve("filters.png");
        FilterPicture.main(new String[] {DIGITS.toString(), png.toString()});
        var image = ImageIO.read(png.toFile());
        assertEquals(4 * SIZE, image.getWidth());
        assertEquals(SIZE, image.getHeight());
        assertEquals(true, Files.size(png) > 10_000);
    }
}
