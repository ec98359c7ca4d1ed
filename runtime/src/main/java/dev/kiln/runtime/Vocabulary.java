package dev.kiln.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The pieces of text that a network knows, each by its number from 0 in the order of their first appearance in the data they were taken from.
/// An open vocabulary, one of the rows of a column, has three numbers more, behind those of the pieces: [#unknown], [#start] and [#end].
/// One of buckets knows no pieces: every piece has the number of the bucket that its letters lead to, and cannot be told from others in it.
public final class Vocabulary {
    /// What stands behind the end of a row: no number of a vocabulary, so that no network takes it for a piece.
    public static final int PADDING = -1;
    private static final int MARKS = 3;
    private static final String REPLACEMENT = "\uFFFD";

    private final String name;
    private final Split split;
    private final List<String> pieces;
    private final boolean open;
    private final int buckets;
    private final Map<String, Integer> numbers = new HashMap<>();

    /// How a text becomes pieces.
    public enum Split {
        /// Every code point is a piece.
        CHARACTERS(""),
        /// What stands between white space, once more apart at everything that is neither letter, digit nor apostrophe; such a character is a piece of its own.
        WORDS(" "),
        /// What stands between white space.
        SPACES(" "),
        /// The whole text is one piece.
        WHOLE(" ");

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
                case WHOLE -> List.of(text);
                case SPACES -> SPACED.matcher(text).results().map(m -> m.group()).toList();
            };
        }
    }

    /// @param name   as the `.nn` calls it
    /// @param split  how a text becomes pieces
    /// @param pieces all different
    /// @param open   whether it has numbers for what is unknown and for the ends of a row
    public Vocabulary(String name, Split split, List<String> pieces, boolean open) {
        this(name, split, pieces, open, 0);
    }

    private Vocabulary(String name, Split split, List<String> pieces, boolean open, int buckets) {
        this.name = name;
        this.split = split;
        this.pieces = List.copyOf(pieces);
        this.open = open;
        this.buckets = buckets;
        for (String piece : pieces) if (numbers.put(piece, numbers.size()) != null) throw new IllegalArgumentException("vocabulary " + name + " has '" + piece + "' twice");
    }

    /// All different pieces of one running text; it knows no others.
    public static Vocabulary of(String name, Split split, String text) {
        return new Vocabulary(name, split, split.pieces(text).stream().distinct().toList(), false);
    }

    /// Numbers from 0 to `buckets - 1` for all pieces there are, without any data (feature hashing; Weinberger et al. 2009).
    public static Vocabulary hashed(String name, Split split, int buckets) {
        if (buckets < 1) throw new IllegalArgumentException("vocabulary " + name + " needs at least one bucket, got " + buckets);
        return new Vocabulary(name, split, List.of(), false, buckets);
    }

    /// The pieces that stand in the rows at least so often; an open vocabulary.
    public static Vocabulary ofRows(String name, Split split, int least, Iterable<String> rows) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String row : rows) for (String piece : split.pieces(row)) counts.merge(piece, 1, Integer::sum);
        return new Vocabulary(name, split, counts.keySet().stream().filter(piece -> counts.get(piece) >= least).toList(), true);
    }

    public String name() {
        return name;
    }

    public Split split() {
        return split;
    }

    public List<String> pieces() {
        return pieces;
    }

    /// Whether it has numbers for what is unknown and for the ends of a row.
    public boolean isOpen() {
        return open;
    }

    /// How many buckets pieces are sorted into; 0 for a vocabulary that knows its pieces.
    public int buckets() {
        return buckets;
    }

    /// How many numbers there are.
    public int size() {
        return buckets > 0 ? buckets : pieces.size() + (open ? MARKS : 0);
    }

    /// The number of every piece that is none of them.
    public int unknown() {
        return mark(0);
    }

    /// The number that begins what is written.
    public int start() {
        return mark(1);
    }

    /// The number that ends what is written.
    public int end() {
        return mark(2);
    }

    private int mark(int i) {
        if (!open) throw new IllegalStateException("vocabulary " + name + " is that of a running text: it has no numbers for what is unknown, for a start or an end");
        return pieces.size() + i;
    }

    /// The numbers of a text's pieces.
    /// @throws IllegalArgumentException when a piece is unknown and the vocabulary is not open
    public int[] encode(String text) {
        if (buckets > 0) return split.pieces(text).stream().mapToInt(piece -> Integer.remainderUnsigned(hash(piece), buckets)).toArray();
        return split.pieces(text).stream().mapToInt(piece -> {
            Integer number = numbers.get(piece);
            if (number != null) return number;
            if (open) return unknown();
            throw new IllegalArgumentException("vocabulary " + name + " has no piece '" + piece + "'; it knows " + size() + " pieces");
        }).toArray();
    }

    /// The bytes of the piece in UTF-8 by FNV-1a, mixed as the end of MurmurHash3 does: of all runtimes and machines the same.
    private static int hash(String piece) {
        int h = 0x811c9dc5;
        for (byte b : piece.getBytes(StandardCharsets.UTF_8)) h = (h ^ (b & 0xff)) * 0x01000193;
        h = (h ^ (h >>> 16)) * 0x85ebca6b;
        h = (h ^ (h >>> 13)) * 0xc2b2ae35;
        return h ^ (h >>> 16);
    }

    /// A row for each text, filled up with [#PADDING] to the longest, at least one step.
    /// @return an i32 of two axes, texts and steps
    public Tensor encodeAll(String... texts) {
        int[][] rows = Arrays.stream(texts).map(this::encode).toArray(int[][]::new);
        int steps = Math.max(1, Arrays.stream(rows).mapToInt(row -> row.length).max().orElse(1));
        int[] all = new int[Math.multiplyExact(rows.length, steps)];
        Arrays.fill(all, PADDING);
        for (int i = 0; i < rows.length; i++) System.arraycopy(rows[i], 0, all, i * steps, rows[i].length);
        return Tensor.of(all, rows.length, steps);
    }

    /// The text of these numbers, with a blank between pieces that are words, up to padding or the end. What is unknown reads `\uFFFD`; a start reads as nothing.
    public String decode(int... numbers) {
        if (buckets > 0) throw new IllegalStateException("vocabulary " + name + " sorts pieces into buckets: a number is no piece");
        int length = 0;
        while (length < numbers.length && numbers[length] > PADDING && (!open || numbers[length] != end())) length++;
        return Arrays.stream(numbers, 0, length).filter(number -> !open || number != start())
                .mapToObj(number -> open && number == unknown() ? REPLACEMENT : pieces.get(number)).collect(Collectors.joining(split.glue));
    }

    /// A text for each row.
    /// @param numbers an i32 of two axes, texts and steps, or of one, a piece for each text
    public String[] decodeAll(Tensor numbers) {
        if (!numbers.isInt() || numbers.rank() < 1 || numbers.rank() > 2) throw new ShapeException("vocabulary " + name + " decodes i32[texts, steps], got " + numbers);
        int[] all = numbers.ints();
        int steps = numbers.rank() == 1 ? 1 : numbers.extent(1);
        var texts = new String[numbers.extent(0)];
        for (int i = 0; i < texts.length; i++) texts[i] = decode(Arrays.copyOfRange(all, i * steps, (i + 1) * steps));
        return texts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vocabulary v && name.equals(v.name) && split == v.split && pieces.equals(v.pieces) && open == v.open && buckets == v.buckets;
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, split, pieces, open, buckets);
    }

    @Override
    public String toString() {
        return name + ", a vocabulary of " + size();
    }
}
