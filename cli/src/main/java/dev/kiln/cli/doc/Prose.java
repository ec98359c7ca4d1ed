package dev.kiln.cli.doc;

import dev.kiln.testkit.report.Markup;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A doc comment as HTML: an empty line begins a paragraph, what stands between backticks is a formula or code, `[Name]` a link.
final class Prose {
    /// `[Name]`, but not `f32[N]`.
    private static final Pattern MENTION = Pattern.compile("(?<![\\w\\]])\\[([A-Za-z_]\\w+)]");

    private Prose() {}

    /// @param linked the code of a name that has a page, as a link
    static String of(String comment, UnaryOperator<String> linked) {
        return Stream.of(comment.strip().split("\n\\s*\n", -1)).filter(p -> !p.isBlank()).map(p -> "<p>" + inline(p.replace('\n', ' '), linked) + "</p>\n").collect(Collectors.joining());
    }

    static String inline(String text, UnaryOperator<String> linked) {
        StringBuilder html = new StringBuilder();
        String[] pieces = text.split("`", -1);
        for (int i = 0; i < pieces.length; i++) {
            boolean marked = i % 2 == 1 && i < pieces.length - 1;
            if (!marked) html.append(i % 2 == 1 ? "`" : "").append(MENTION.matcher(Markup.escape(pieces[i])).replaceAll(m -> Matcher.quoteReplacement(linked.apply(m.group(1)))));
            else html.append(Formula.isFormula(pieces[i]) ? Formula.of(pieces[i]) : linked.apply(pieces[i]));
        }
        return html.toString();
    }

    /// The first sentence, for an index.
    static String first(String comment) {
        String flat = comment.replace('\n', ' ').strip();
        int end = flat.indexOf(". ");
        String sentence = end < 0 ? flat : flat.substring(0, end + 1);
        boolean open = sentence.chars().filter(c -> c == '`').count() % 2 == 1;
        return open ? flat : sentence;
    }
}
