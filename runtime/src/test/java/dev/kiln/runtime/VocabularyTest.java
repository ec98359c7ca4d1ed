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
}
