package dev.kiln.grammar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.Parser;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.atn.ATNConfigSet;
import org.antlr.v4.runtime.atn.PredictionMode;
import org.antlr.v4.runtime.dfa.DFA;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The files in `accept` are read in one way only; each file in `reject` is refused.
class GrammarTest {
    private static final class Listener extends BaseErrorListener {
        final List<String> errors = new ArrayList<>();
        final List<String> ambiguities = new ArrayList<>();

        @Override public void syntaxError(Recognizer<?, ?> recognizer, Object symbol, int line, int column, String message, RecognitionException e) {
            errors.add(line + ":" + column + " " + message);
        }

        @Override public void reportAmbiguity(Parser parser, DFA dfa, int start, int stop, boolean exact, BitSet alternatives, ATNConfigSet configurations) {
            ambiguities.add(parser.getRuleNames()[dfa.atnStartState.ruleIndex] + " at line " + parser.getTokenStream().get(start).getLine() + ": " + alternatives);
        }
    }

    private static Listener read(Path file) throws IOException {
        var listener = new Listener();
        var lexer = new KilnLexer(CharStreams.fromPath(file));
        lexer.removeErrorListeners();
        lexer.addErrorListener(listener);
        var parser = new KilnParser(new CommonTokenStream(lexer));
        parser.removeErrorListeners();
        parser.addErrorListener(listener);
        parser.getInterpreter().setPredictionMode(PredictionMode.LL_EXACT_AMBIG_DETECTION);
        parser.file();
        return listener;
    }

    private static Stream<DynamicTest> each(String folder, Assertion assertion) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources", folder))) {
            return files.sorted().toList().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertion.check(read(file))));
        }
    }

    private interface Assertion {
        void check(Listener found);
    }

    @TestFactory Stream<DynamicTest> acceptedFilesAreReadInOneWay() throws IOException {
        return each("accept", found -> {
            assertEquals(List.of(), found.errors);
            assertEquals(List.of(), found.ambiguities);
        });
    }

    @TestFactory Stream<DynamicTest> rejectedFilesAreRefused() throws IOException {
        return each("reject", found -> assertFalse(found.errors.isEmpty()));
    }
}
