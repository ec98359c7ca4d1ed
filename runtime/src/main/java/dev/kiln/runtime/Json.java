package dev.kiln.runtime;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The JSON of metadata and of weight files: a value that prints itself. Objects keep the order of their members.
sealed interface Json {
    /// A text that is not the JSON it should be; the message says where.
    final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    record Obj(Map<String, Json> members) implements Json {
        Json get(String name) throws Malformed {
            Json value = members.get(name);
            if (value == null) throw new Malformed("no member \"" + name + "\"");
            return value;
        }

        @Override
        public String toString() {
            return members.entrySet().stream().map(e -> quote(e.getKey()) + ":" + e.getValue()).collect(Collectors.joining(",", "{", "}"));
        }
    }

    record Arr(List<Json> items) implements Json {
        @Override
        public String toString() {
            return items.stream().map(Json::toString).collect(Collectors.joining(",", "[", "]"));
        }
    }

    record Str(String value) implements Json {
        @Override
        public String toString() {
            return quote(value);
        }
    }

    /// A number as it was written.
    record Num(String text) implements Json {
        @Override
        public String toString() {
            return text;
        }
    }

    record Bool(boolean value) implements Json {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Null() implements Json {
        @Override
        public String toString() {
            return "null";
        }
    }

    static Num number(long value) {
        return new Num(Long.toString(value));
    }

    static Num number(float value) {
        if (!Float.isFinite(value)) throw new IllegalArgumentException(value + " cannot be written as JSON");
        return new Num(Float.toString(value));
    }

    static Arr numbers(List<Integer> values) {
        return new Arr(values.stream().map(n -> (Json) number(n.longValue())).toList());
    }

    default Obj asObject() throws Malformed {
        if (this instanceof Obj o) return o;
        throw new Malformed("an object is expected instead of " + brief());
    }

    default List<Json> asList() throws Malformed {
        if (this instanceof Arr a) return a.items();
        throw new Malformed("a list is expected instead of " + brief());
    }

    default String asString() throws Malformed {
        if (this instanceof Str s) return s.value();
        throw new Malformed("a string is expected instead of " + brief());
    }

    /// A whole number that is not negative, the only kind that metadata count with.
    default long asCount() throws Malformed {
        if (this instanceof Num n && n.text().length() <= 18 && JsonReader.digits(n.text(), 0) == n.text().length()) return Long.parseLong(n.text());
        throw new Malformed("a count is expected instead of " + brief());
    }

    default int asInt() throws Malformed {
        long value = asCount();
        if (value > Integer.MAX_VALUE) throw new Malformed(value + " is too large");
        return (int) value;
    }

    default float asFloat() throws Malformed {
        if (this instanceof Num n) {
            float value = Float.parseFloat(n.text());
            if (Float.isFinite(value)) return value;
        }
        throw new Malformed("a number is expected instead of " + brief());
    }

    default boolean asBoolean() throws Malformed {
        if (this instanceof Bool b) return b.value();
        throw new Malformed("true or false is expected instead of " + brief());
    }

    private String brief() {
        String text = toString();
        return text.length() <= 40 ? text : text.substring(0, 40) + "…";
    }

    static String quote(String s) {
        var text = new StringBuilder("\"");
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '"' || c == '\\') text.append('\\').append(c);
            else if (c < ' ' || c == 0x7F || Character.isSurrogate(c)) text.append(String.format("\\u%04x", (int) c));
            else text.append(c);
        }
        return text.append('"').toString();
    }
}
