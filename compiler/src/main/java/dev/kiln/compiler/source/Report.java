package dev.kiln.compiler.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Problems as text:
/// ```
/// error[ShapeMismatch]: Conv2d groups must divide the input channels
///   --> lenet.nn:12:28
///    |
///  6 | network LeNet(classes: int = 10, width: int = 6) {
///    |                                               - width = 6
/// 12 |     |> Conv2d(16, kernel: 5, groups: 4)
///    |                              ^^^^^^^^^ 4 does not divide 6
///    = try groups: 1 or 2
/// ```
public final class Report {
    /// Longer lines show the part around the place.
    private static final int WIDEST = 160;

    private Report() {}

    private record Mark(Span span, char sign, String text) {}

    /// All problems, one after the other with an empty line between.
    public static String of(Problems problems) {
        return String.join("\n", problems.all().stream().map(Report::of).toList());
    }

    public static String of(Problem problem) {
        Words words = words(problem);
        var marks = new ArrayList<Mark>();
        for (Origin origin : problem.origins()) marks.add(new Mark(origin.span(), '-', origin.note()));
        marks.add(new Mark(problem.span(), '^', words.mark()));
        int width = marks.stream().mapToInt(m -> String.valueOf(m.span().line()).length()).max().orElse(1) + 1;

        var text = new StringBuilder();
        text.append("error[").append(problem.code()).append("]: ").append(words.message()).append('\n');
        text.append(" ".repeat(width)).append("--> ").append(problem.span()).append('\n');
        text.append(" ".repeat(width)).append(" |\n");
        excerpt(text, width, here(marks, problem.span().file()));
        for (SourceFile other : marks.stream().map(m -> m.span().file()).distinct().filter(f -> f != problem.span().file()).toList()) {
            var there = here(marks, other);
            text.append(" ".repeat(width)).append("::: ").append(there.getFirst().span()).append('\n');
            excerpt(text, width, there);
        }
        for (String note : words.notes()) text.append(" ".repeat(width)).append(" = ").append(note).append('\n');
        return text.toString();
    }

    /// What is said of a problem, without its place.
    public static Words words(Problem problem) {
        return switch (problem) {
            case SyntaxProblem syntax -> SyntaxWords.of(syntax);
            case CheckProblem check -> CheckWords.of(check);
        };
    }

    private static List<Mark> here(List<Mark> marks, SourceFile file) {
        return marks.stream().filter(m -> m.span().file() == file).sorted(Comparator.comparingInt(m -> m.span().start())).toList();
    }

    private static void excerpt(StringBuilder text, int width, List<Mark> marks) {
        int shown = 0;
        int from = 0;
        for (Mark mark : marks) {
            int line = mark.span().line();
            String whole = mark.span().file().lineText(line);
            int column = mark.span().column() - 1;
            if (line != shown || column > from + WIDEST) {
                from = column > WIDEST ? column - WIDEST / 2 : 0;
                String part = whole.substring(from, Math.clamp(from + WIDEST + 40L, from, whole.length()));
                text.append(("%" + width + "d | ").formatted(line)).append(visible(part)).append('\n');
            }
            shown = line;
            text.append(" ".repeat(width)).append(" | ").append(under(mark, whole, from)).append('\n');
        }
    }

    /// Spaces up to the place (tabs are kept, so the signs stand right), signs under it to the end of its first line.
    private static String under(Mark mark, String line, int window) {
        int from = mark.span().column() - 1;
        int length = Math.min(mark.span().end() - mark.span().start(), Math.min(line.length(), window + WIDEST + 40) - from);
        var text = new StringBuilder();
        for (int i = window; i < from; i++) text.append(i < line.length() && line.charAt(i) == '\t' ? '\t' : ' ');
        text.repeat(mark.sign(), Math.max(1, length));
        return (mark.text().isEmpty() ? text : text.append(' ').append(mark.text())).toString();
    }

    /// Control characters would disturb a terminal: each is shown as U+FFFD, one for one, so the columns stay.
    private static String visible(String line) {
        var text = new StringBuilder(line);
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i)) && text.charAt(i) != '\t') text.setCharAt(i, '\uFFFD');
        }
        return text.toString();
    }
}
