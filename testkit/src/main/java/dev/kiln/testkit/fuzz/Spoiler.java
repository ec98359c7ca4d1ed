package dev.kiln.testkit.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Puts a mistake into a text: a word or sign is left out, doubled, changed for another one of the text, or two neighbours change places.
final class Spoiler {
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z_]\\w*'?|\\d+(\\.\\d+)?|\\|>|->|\\.\\.|[<>=!]=|\\S");
    private static final int MOST = 2;

    private Spoiler() {}

    static String spoiled(String text, Random random) {
        String result = text;
        for (int k = random.nextInt(MOST); k >= 0; k--) result = once(result, random);
        return result;
    }

    private static String once(String text, Random random) {
        List<MatchResult> tokens = new ArrayList<>(TOKEN.matcher(text).results().toList());
        if (tokens.size() < 2) return text;
        int i = random.nextInt(tokens.size() - 1);
        var at = tokens.get(i);
        var next = tokens.get(i + 1);
        String before = text.substring(0, at.start());
        return switch (random.nextInt(5)) {
            case 0 -> before + text.substring(at.end());
            case 1 -> before + at.group() + " " + text.substring(at.start());
            case 2 -> before + next.group() + text.substring(at.end(), next.start()) + at.group() + text.substring(next.end());
            default -> before + tokens.get(random.nextInt(tokens.size())).group() + text.substring(at.end());
        };
    }
}
