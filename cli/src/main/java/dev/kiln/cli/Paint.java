package dev.kiln.cli;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Report;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;

/// Colours for reports of problems: the kind and the marks stand out, line numbers and arrows step back.
final class Paint {
    private static final Pattern HEAD = Pattern.compile("^(error\\[\\w+])(:.*)$");
    private static final Pattern ARROW = Pattern.compile("^( *)(-->|:::)( .*)$");
    private static final Pattern GUTTER = Pattern.compile("^( *\\d* )([|=])(.*)$");
    private static final Pattern MARK = Pattern.compile("^(\\s*)(\\^+.*)$");
    private static final Pattern ORIGIN = Pattern.compile("^(\\s*)(-+ .*)$");

    private Paint() {}

    /// A report in colours where the terminal shows them, else as it is.
    static String report(Problems problems) {
        return report(Report.of(problems));
    }

    static String report(String text) {
        return text.stripTrailing().lines().map(line -> Ansi.AUTO.enabled() ? paint(line) : line).collect(Collectors.joining("\n"));
    }

    private static String paint(String line) {
        var head = HEAD.matcher(line);
        if (head.matches()) {
            return colour("1;31", head.group(1)) + colour("1", head.group(2));
        }
        var arrow = ARROW.matcher(line);
        if (arrow.matches()) {
            return arrow.group(1) + colour("34", arrow.group(2)) + arrow.group(3);
        }
        var gutter = GUTTER.matcher(line);
        if (gutter.matches()) {
            return colour("34", gutter.group(1) + gutter.group(2)) + marks(gutter.group(3));
        }
        return line;
    }

    private static String marks(String rest) {
        var mark = MARK.matcher(rest);
        if (mark.matches()) {
            return mark.group(1) + colour("1;31", mark.group(2));
        }
        var origin = ORIGIN.matcher(rest);
        return origin.matches() ? origin.group(1) + colour("34", origin.group(2)) : rest;
    }

    private static String colour(String code, String text) {
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
