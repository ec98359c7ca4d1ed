package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A strict reader (RFC 8259): members are named once, nesting has a limit, nothing stands behind the value but white space.
final class JsonReader {
    private static final int DEPTH = 32;
    private final String text;
    private int at;

    private JsonReader(String text) {
        this.text = text;
    }

    static Json read(String text) throws Json.Malformed {
        var reader = new JsonReader(text);
        Json value = reader.value(0);
        reader.space();
        if (reader.at < text.length()) throw reader.wrong("more text behind the end");
        return value;
    }

    private Json value(int depth) throws Json.Malformed {
        if (depth > DEPTH) throw wrong("nested more than " + DEPTH + " deep");
        space();
        return switch (peek()) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> new Json.Str(string());
            case 't' -> word("true", new Json.Bool(true));
            case 'f' -> word("false", new Json.Bool(false));
            case 'n' -> word("null", new Json.Null());
            default -> number();
        };
    }

    private Json object(int depth) throws Json.Malformed {
        Map<String, Json> members = new LinkedHashMap<>();
        expect('{');
        space();
        if (accept('}')) return new Json.Obj(members);
        do {
            space();
            String name = string();
            space();
            expect(':');
            Json value = value(depth + 1);
            if (members.putIfAbsent(name, value) != null) throw wrong("member " + Json.quote(name) + " stands twice");
            space();
        } while (accept(','));
        expect('}');
        return new Json.Obj(members);
    }

    private Json array(int depth) throws Json.Malformed {
        List<Json> items = new ArrayList<>();
        expect('[');
        space();
        if (accept(']')) return new Json.Arr(items);
        do {
            items.add(value(depth + 1));
            space();
        } while (accept(','));
        expect(']');
        return new Json.Arr(items);
    }

    private String string() throws Json.Malformed {
        expect('"');
        var value = new StringBuilder();
        while (true) {
            char c = next();
            if (c == '"') return value.toString();
            if (c < ' ') throw wrong("a control character in a string");
            value.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() throws Json.Malformed {
        char c = next();
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(next(), 16);
                    if (digit < 0) throw wrong("a \\u escape needs four hexadecimal digits");
                    code = code * 16 + digit;
                }
                yield (char) code;
            }
            default -> throw wrong("unknown escape \\" + c);
        };
    }

    private Json number() throws Json.Malformed {
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String number = text.substring(from, at);
        if (number.length() > 40 || !isNumber(number)) {
            at = from;
            throw wrong("a value is expected");
        }
        return new Json.Num(number);
    }

    /// `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, by hand: a cold JVM takes longer over regular expressions than over all the rest of a model's description.
    private static boolean isNumber(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        int end = digits(text, at);
        if (end == at || (text.charAt(at) == '0' && end > at + 1)) return false;
        if (end < text.length() && text.charAt(end) == '.') {
            at = end + 1;
            end = digits(text, at);
            if (end == at) return false;
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            at = end + 1;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) at++;
            end = digits(text, at);
            if (end == at) return false;
        }
        return end == text.length();
    }

    /// The place behind the digits that begin at `from`.
    static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        return at;
    }

    private Json word(String word, Json value) throws Json.Malformed {
        if (!text.startsWith(word, at)) throw wrong("a value is expected");
        at += word.length();
        return value;
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
    }

    private char peek() throws Json.Malformed {
        if (at >= text.length()) throw wrong("the text ends too early");
        return text.charAt(at);
    }

    private char next() throws Json.Malformed {
        char c = peek();
        at++;
        return c;
    }

    private boolean accept(char c) {
        if (at >= text.length() || text.charAt(at) != c) return false;
        at++;
        return true;
    }

    private void expect(char c) throws Json.Malformed {
        if (!accept(c)) throw wrong("'" + c + "' is expected");
    }

    private Json.Malformed wrong(String what) {
        return new Json.Malformed(what + " at character " + at);
    }
}
