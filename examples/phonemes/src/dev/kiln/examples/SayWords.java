package dev.kiln.examples;

import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Vocabulary;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import phonemes.Phonemes;

/// Says words, and draws where the network looked while it said them: a column for each letter, a row for each phoneme, dark where it looked.
public final class SayWords {
    private static final int SIDE = 28;
    private static final int MARGIN = 52;

    private SayWords() {}

    /// Prints the phonemes of each word and writes one picture of all.
    /// @param arguments the PNG to write, then words in small letters
    public static void main(String[] arguments) throws IOException {
        String[] words = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        try (Phonemes network = Phonemes.load()) {
            Phonemes.Output y = network.predict(words);
            for (int i = 0; i < words.length; i++) System.out.println(words[i] + ": " + y.sound()[i]);
            ImageIO.write(picture(words, y.sound(), y.looked()), "png", Path.of(arguments[0]).toFile());
        }
    }

    /// @param looked f32[words, phonemes and the end, letters]
    static BufferedImage picture(String[] words, String[] sounds, Tensor looked) {
        int width = MARGIN / 2;
        int height = 0;
        for (int i = 0; i < words.length; i++) {
            width += words[i].length() * SIDE + MARGIN;
            height = Math.max(height, (steps(sounds[i]).size() + 1) * SIDE + MARGIN);
        }
        var image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 15));
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, width, height);
        int left = MARGIN;
        for (int i = 0; i < words.length; i++) {
            draw(g, left, words[i], steps(sounds[i]), looked, i);
            left += words[i].length() * SIDE + MARGIN;
        }
        g.dispose();
        return image;
    }

    private static List<String> steps(String sound) {
        return Vocabulary.Split.SPACES.pieces(sound);
    }

    private static void draw(Graphics2D g, int left, String word, List<String> sound, Tensor looked, int row) {
        for (int t = 0; t < word.length(); t++) centred(g, word.substring(t, t + 1), left + t * SIDE + SIDE / 2, 26);
        for (int s = 0; s < sound.size(); s++) {
            int top = 36 + s * SIDE;
            centred(g, sound.get(s), left - 20, top + SIDE - 9);
            for (int t = 0; t < word.length(); t++) {
                float far = 1 - Math.clamp(looked.get(row, s, t), 0f, 1f);
                g.setColor(new Color(0.1f + 0.86f * far, 0.25f + 0.71f * far, 0.45f + 0.53f * far));
                g.fillRect(left + t * SIDE, top, SIDE - 1, SIDE - 1);
            }
        }
    }

    private static void centred(Graphics2D g, String text, int x, int y) {
        g.setColor(Color.BLACK);
        g.drawString(text, x - g.getFontMetrics().stringWidth(text) / 2, y);
    }
}
