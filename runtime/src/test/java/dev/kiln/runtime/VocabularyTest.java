package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class VocabularyTest {
    @Test
    void piecesAreNumberedAsTheyAppear() {
        var letters = Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "abba\u00e9\ud83d\ude00a");
        assertEquals(List.of("a", "b", "\u00e9", "\ud83d\ude00"), letters.pieces());
        assertArrayEquals(new int[] {3, 1, 0}, letters.encode("\ud83d\ude00ba"));
        assertEquals("\u00e9b", letters.decode(2, 1));
    }

    @Test
    void wordsStandApartFromTheirMarks() {
        assertEquals(List.of("don't", "stop", ",", "42", "!"), Vocabulary.Split.WORDS.pieces(" don't stop, 42!\n"));
        assertEquals(List.of("don't", "stop,", "42!"), Vocabulary.Split.SPACES.pieces(" don't stop, 42!\n"));
        assertEquals("a b", Vocabulary.of("words", Vocabulary.Split.SPACES, "a b a").decode(0, 1));
    }

    @Test
    void anUnknownPieceIsNamed() {
        var problem = assertThrows(IllegalArgumentException.class, () -> Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "ab").encode("abc"));
        assertEquals("vocabulary letters has no piece 'c'; it knows 2 pieces", problem.getMessage());
    }

    @Test
    void anEmptyTextHasNoPieces() {
        assertEquals(0, Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "").size());
        assertEquals(0, Vocabulary.of("letters", Vocabulary.Split.WORDS, "ab").encode("").length);
    }

    @Test
    void aVocabularyOfRowsKnowsTheEndsAndWhatIsUnknown() {
        var words = Vocabulary.ofRows("words", Vocabulary.Split.WORDS, 2, List.of("to be", "or not to be", "that!"));
        assertEquals(List.of("to", "be"), words.pieces());
        assertEquals(5, words.size());
        assertArrayEquals(new int[] {words.unknown(), 0, 1}, words.encode("not to be"));
        assertEquals("\uFFFD to be", words.decode(words.start(), words.unknown(), 0, 1, words.end(), 0, 0));
        assertThrows(IllegalStateException.class, () -> Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "ab").end());
    }

    @Test
    void textsAreFilledUpToTheLongest() {
        var letters = Vocabulary.of("letters", Vocabulary.Split.CHARACTERS, "abc");
        Tensor rows = letters.encodeAll("", "cab", "b");
        assertArrayEquals(new int[] {3, 3}, rows.shape());
        assertArrayEquals(new int[] {-1, -1, -1, 2, 0, 1, 1, -1, -1}, rows.ints());
        assertArrayEquals(new String[] {"", "cab", "b"}, letters.decodeAll(rows));
        assertArrayEquals(new int[] {1, 1}, letters.encodeAll("").shape());
        assertArrayEquals(new int[] {0, 1}, letters.encodeAll().shape());
        assertArrayEquals(new String[] {"c", "a"}, letters.decodeAll(Tensor.of(new int[] {2, 0}, 2)));
        assertThrows(ShapeException.class, () -> letters.decodeAll(Tensor.of(new float[] {2, 0}, 2)));
    }

    @Test
    void piecesDiffer() {
        assertThrows(IllegalArgumentException.class, () -> new Vocabulary("v", Vocabulary.Split.CHARACTERS, List.of("a", "a"), false));
    }

    /// The numbers are written down: a jar of today must read as one of tomorrow.
    @Test
    void bucketsNeedNoData() {
        var words = Vocabulary.hashed("words", Vocabulary.Split.WORDS, 1000);
        assertEquals(1000, words.size());
        assertArrayEquals(words.encode("to be"), new int[] {words.encode("to")[0], words.encode("be")[0]});
        assertArrayEquals(new int[] {707, 445, 702, 605}, words.encode("to be or größer"));
        assertThrows(IllegalStateException.class, () -> words.decode(1, 2));
        assertThrows(IllegalArgumentException.class, () -> Vocabulary.hashed("none", Vocabulary.Split.WORDS, 0));
        var one = Vocabulary.hashed("one", Vocabulary.Split.CHARACTERS, 1);
        assertArrayEquals(new int[] {0, 0}, one.encode("xy"));
    }

    @Test
    void bucketsFillEvenly() {
        var letters = Vocabulary.hashed("names", Vocabulary.Split.WHOLE, 16);
        int[] counts = new int[16];
        for (int i = 0; i < 16_000; i++) counts[letters.encode("name " + i)[0]]++;
        for (int count : counts) assertEquals(1000, count, 150);
    }

    @Test
    void aWholeTextIsOnePiece() {
        assertArrayEquals(new int[] {1, 0}, new int[] {Vocabulary.ofRows("towns", Vocabulary.Split.WHOLE, 1, List.of("Los Angeles", "New York")).encode("New York")[0], 0});
    }
}
