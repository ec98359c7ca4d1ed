package dev.kiln.examples;

import java.util.Locale;
import mail.Mail;

/// Says how sure the network is that a mail is spam.
public final class SortMail {
    private static final String[] MAILS = {
        "Re: tomorrow's meeting Could we move it to Thursday? I have to pick up the kids. Cheers, Anna",
        "Congratulations!!! You have been selected to receive a FREE credit card. Click here now, this offer expires today!"};

    private SortMail() {}

    /// Prints a line for each mail.
    /// @param mails subject and text of each; two made-up ones when there are none
    public static void main(String[] mails) {
        String[] texts = mails.length > 0 ? mails : MAILS;
        try (Mail network = Mail.load()) {
            float[] spam = network.predict(texts).spam().floats();
            for (int i = 0; i < texts.length; i++) System.out.printf(Locale.ROOT, "%3.0f %% spam: %s%n", 100 * spam[i], texts[i].substring(0, Math.min(60, texts[i].length())));
        }
    }
}
