package dev.kiln.runtime;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The pieces of text that a network knows, each by its number from 0 in the order of their first appearance in the data they were taken from.
/// @param name   as the `.nn` calls it
/// @param split  how a text becomes pieces
/// @param pieces all different
public record Vocabulary(String name, Split split, List<String> pieces) {
    /// How a text becomes pieces.
    public enum Split {
        /// Every code point is a piece.
        CHARACTERS(""),
        /// What stands between white space, once more apart at everything that is neither letter, digit nor apostrophe; such a character is a piece of its own.
        WORDS(" "),
        /// What stands between white space.
        SPACES(" ");

        private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+|[^\\p{L}\\p{N}'\\s]");
        private static final Pattern SPACED = Pattern.compile("\\S+");
        private final String glue;

        Split(String glue) {
            this.glue = glue;
        }

        /// The pieces of a text, in order.
        public List<String> pieces(String text) {
            return switch (this) {
                case CHARACTERS -> text.codePoints().mapToObj(Character::toString).toList();
                case WORDS -> WORD.matcher(text).results().map(m -> m.group()).toList();
                case SPACES -> SPACED.matcher(text).results().map(m -> m.group()).toList();
            };
        }
    }

    public Vocabulary {
        pieces = List.copyOf(pieces);
    }

    /// All different pieces of a text.
    public static Vocabulary of(String name, Split split, String text) {
        return new Vocabulary(name, split, split.pieces(text).stream().distinct().toList());
    }

    public int size() {
        return pieces.size();
    }

    /// The numbers of a text's pieces.
    /// @throws IllegalArgumentException when a piece is unknown
    public int[] encode(String text) {
        Map<String, Integer> numbers = new HashMap<>();
        for (int i = 0; i < pieces.size(); i++) numbers.put(pieces.get(i), i);
        return split.pieces(text).stream().mapToInt(piece -> {
            Integer number = numbers.get(piece);
            if (number == null) throw new IllegalArgumentException("vocabulary " + name + " has no piece '" + piece + "'; it knows " + size() + " pieces");
            return number;
        }).toArray();
    }

    /// The text of these numbers, with a blank between pieces that are words.
    public String decode(int... numbers) {
        return Arrays.stream(numbers).mapToObj(pieces::get).collect(Collectors.joining(split.glue));
    }
}
