package dev.kiln.examples;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import mail.Mail;

/// Draws which words of some mails decide: each mail is judged once whole and once without each of its words. What makes spam of it is red, what speaks against it blue.
public final class MarkMail {
    private static final int WIDTH = 900;
    private static final int LINE = 30;
    private static final int MARGIN = 24;
    /// The change of the log odds that gets the full colour.
    private static final double FULL = 2;

    private MarkMail() {}

    /// Writes one picture of all mails.
    /// @param arguments the PNG to write, then mails
    public static void main(String[] arguments) throws IOException {
        try (Mail network = Mail.load()) {
            ImageIO.write(picture(network, List.of(arguments).subList(1, arguments.length)), "png", Path.of(arguments[0]).toFile());
        }
    }

    /// What each word adds to the log odds of spam.
    private static double[] weights(Mail network, String... words) {
        String[] texts = new String[words.length + 1];
        texts[words.length] = String.join(" ", words);
        for (int i = 0; i < words.length; i++) {
            int left = i;
            texts[i] = IntStream.range(0, words.length).filter(k -> k != left).mapToObj(k -> words[k]).collect(Collectors.joining(" "));
        }
        float[] spam = network.predict(texts).spam().floats();
        double whole = odds(spam[words.length]);
        return IntStream.range(0, words.length).mapToDouble(i -> whole - odds(spam[i])).toArray();
    }

    private static double odds(double probability) {
        double p = Math.clamp(probability, 1e-6, 1 - 1e-6);
        return Math.log(p / (1 - p));
    }

    private static BufferedImage picture(Mail network, List<String> mails) {
        var draft = new BufferedImage(WIDTH, 40 * LINE * Math.max(1, mails.size()), BufferedImage.TYPE_INT_RGB);
        Graphics2D g = draft.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 17));
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, WIDTH, draft.getHeight());
        int top = MARGIN;
        for (String mail : mails) {
            String[] words = mail.split(" ", -1);
            g.setColor(Color.GRAY);
            g.drawString(String.format(Locale.ROOT, "%.0f %% spam", 100 * network.predict(mail).spam().floats()[0]), MARGIN, top + LINE / 2);
            top = words(g, words, weights(network, words), top + LINE) + LINE + MARGIN;
        }
        g.dispose();
        return draft.getSubimage(0, 0, WIDTH, Math.max(1, Math.min(top, draft.getHeight())));
    }

    /// The words in lines from `top` on.
    /// @return the top of the last line
    private static int words(Graphics2D g, String[] words, double[] weights, int top) {
        int x = MARGIN;
        int y = top;
        int space = g.getFontMetrics().charWidth(' ');
        for (int i = 0; i < words.length; i++) {
            int width = g.getFontMetrics().stringWidth(words[i]);
            if (x + width > WIDTH - MARGIN) {
                x = MARGIN;
                y += LINE;
            }
            float pale = (float) (1 - 0.8 * Math.min(1, Math.abs(weights[i]) / FULL));
            g.setColor(weights[i] > 0 ? new Color(1f, pale, pale) : new Color(pale, pale, 1f));
            g.fillRect(x - 2, y, width + 4, LINE - 6);
            g.setColor(Color.BLACK);
            g.drawString(words[i], x, y + LINE - 13);
            x += width + space + 4;
        }
        return y;
    }
}
