package dev.kiln.testkit.mutate;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The compiler as it is passes what its mutants must fail.
class CorpusTest {
    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"GRADIENT", "REWRITE"})
    void nothingIsNoticed(Kind kind) {
        var corpus = Corpus.of(kind);
        corpus.values().forEach(Corpus.Check::run);
        corpus.texts().forEach(Corpus.Check::run);
        assertTrue(corpus.values().size() > 100, () -> kind + " has few checks");
    }
}
