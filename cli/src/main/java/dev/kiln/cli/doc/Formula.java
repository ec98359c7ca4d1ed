package dev.kiln.cli.doc;

import dev.kiln.testkit.report.Markup;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A formula of a comment as MathML: `c' = σ(f + forget)·c` with indices set low, powers high, letters of their own in italics.
final class Formula {
    private static final Pattern PARTS = Pattern.compile("(?<number>\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?)|(?<name>[\\p{L}_][\\p{L}\\p{Nd}_]*)|(?<power>[²³])|(?<space>\\s+)|(?<sign>->|\\|>|<=|>=|==|\\.\\.|.)", Pattern.DOTALL);
    private static final Pattern TELLTALE = Pattern.compile("[=+·√Σ∏∂∇²³^≤≥∞σλΦμπ/*-]");
    private static final Pattern CODE = Pattern.compile(".*(?:f32|i32|bool|\\|>|->|\"|:).*", Pattern.DOTALL);
    private static final Set<String> LARGE = Set.of("Σ", "∏");

    private final List<String> parts = new ArrayList<>();
    private final List<Boolean> spaces = new ArrayList<>();
    private int at;

    private Formula(String text) {
        Matcher matcher = PARTS.matcher(text);
        boolean space = false;
        while (matcher.find()) {
            if (matcher.group("space") != null) {
                space = true;
                continue;
            }
            parts.add(matcher.group());
            spaces.add(space);
            space = false;
        }
    }

    /// Whether a piece of a comment between backticks is a formula, and not code.
    static boolean isFormula(String text) {
        boolean one = text.length() == 1 && Character.isLetter(text.charAt(0));
        return one || (TELLTALE.matcher(text).find() && !CODE.matcher(text).matches());
    }

    static String of(String text) {
        Formula formula = new Formula(text);
        StringBuilder rows = new StringBuilder();
        while (formula.at < formula.parts.size()) rows.append(formula.scripted());
        return "<math>" + rows + "</math>";
    }

    private String peek() {
        return at < parts.size() ? parts.get(at) : "";
    }

    /// A part with the prime, indices and power behind it.
    private String scripted() {
        boolean name = isName(peek());
        boolean base = name || peek().equals(")") || peek().equals("|");
        String part = peek().equals("(") ? bracket("(", ")") : single(parts.get(at++));
        String low = "";
        String high = "";
        while (peek().equals("'")) {
            part += "<mo lspace=\"0\" rspace=\"0\">′</mo>";
            at++;
        }
        if ((name || base) && peek().equals("[") && !spaces.get(at)) low = inside("[", "]");
        if (peek().equals("²") || peek().equals("³")) high += "<mn>" + (parts.get(at++).equals("²") ? 2 : 3) + "</mn>";
        else if (peek().equals("^")) {
            at++;
            high += peek().equals("(") ? inside("(", ")") : peek().equals("-") ? single(parts.get(at++)) + scripted() : scripted();
        }
        if (low.isEmpty() && high.isEmpty()) return part;
        if (low.isEmpty()) return "<msup><mrow>" + part + "</mrow><mrow>" + high + "</mrow></msup>";
        if (high.isEmpty()) return "<msub><mrow>" + part + "</mrow><mrow>" + low + "</mrow></msub>";
        return "<msubsup><mrow>" + part + "</mrow><mrow>" + low + "</mrow><mrow>" + high + "</mrow></msubsup>";
    }

    private String bracket(String open, String close) {
        return "<mrow><mo stretchy=\"false\">" + open + "</mo>" + inside(open, close) + "<mo stretchy=\"false\">" + close + "</mo></mrow>";
    }

    /// What stands between two brackets, without them; to the end where the second is missing.
    private String inside(String open, String close) {
        StringBuilder rows = new StringBuilder();
        at++;
        while (at < parts.size() && !peek().equals(close)) rows.append(peek().equals(open) ? bracket(open, close) : scripted());
        at++;
        return rows.toString();
    }

    private static boolean isName(String part) {
        return !part.isEmpty() && (Character.isLetter(part.charAt(0)) || part.charAt(0) == '_');
    }

    private String single(String part) {
        if (part.equals("sqrt") && peek().equals("(")) return "<msqrt><mrow>" + inside("(", ")") + "</mrow></msqrt>";
        if (part.equals("√")) return "<msqrt><mrow>" + (peek().equals("(") ? inside("(", ")") : scripted()) + "</mrow></msqrt>";
        if (Character.isDigit(part.charAt(0))) return "<mn>" + part + "</mn>";
        if (isName(part)) return name(part);
        String sign = switch (part) {
            case "*" -> "·";
            case "-" -> "−";
            case "<=" -> "≤";
            case ">=" -> "≥";
            case "->" -> "→";
            default -> Markup.escape(part);
        };
        return "<mo" + (part.equals("|") || part.equals(")") || part.equals("]") || part.equals("[") ? " stretchy=\"false\"" : "") + ">" + sign + "</mo>";
    }

    /// `W_k` has a low index; words stand upright.
    private static String name(String part) {
        int line = part.indexOf('_');
        if (line > 0 && line < part.length() - 1) return "<msub>" + name(part.substring(0, line)) + name(part.substring(line + 1)) + "</msub>";
        return LARGE.contains(part) ? "<mo movablelimits=\"false\">" + part + "</mo>" : "<mi>" + Markup.escape(part) + "</mi>";
    }
}
