package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelTest {
    @Test
    void aModelReadsWhatItPrints() throws Json.Malformed {
        var parameters = List.of(
                ParameterSpec.plain("a\"b", List.of(), ParameterSpec.Role.WEIGHT, 12, new Initialiser.TruncatedNormal(-1.5e-9f, 3), 0.25f),
                ParameterSpec.plain("o", List.of(2, 3), ParameterSpec.Role.STATE, 28, new Initialiser.Orthogonal(0.1f), 1));
        var model = new Model("Größe", "a.b.C", parameters, Map.of("predict", "a.b.C$Predict"), Map.of("compiler", "1"), List.of(new Vocabulary("letters", Vocabulary.Split.CHARACTERS, List.of("a", "\"", "\n", "é"), true), Vocabulary.hashed("words", Vocabulary.Split.WHOLE, 77)), Map.of("text", "letters"));
        assertEquals(model, Model.parse(model.toJson()));
        assertEquals(Fake.model(), Model.parse(Fake.model().toJson()));
    }

    @Test
    void aModelOfAnotherFormatIsRefused() {
        String later = Fake.model().toJson().replace("\"format\":1", "\"format\":2");
        assertEquals("written in format 2, this runtime reads format 1", assertThrows(Json.Malformed.class, () -> Model.parse(later)).getMessage());
    }

    @Test
    void aDamagedModelNamesTheParameter() {
        String odd = Fake.model().toJson().replace("\"offset\":108", "\"offset\":109");
        assertTrue(assertThrows(Json.Malformed.class, () -> Model.parse(odd)).getMessage().contains("'dense.b'"));
    }

    @Test
    void statesOfTheOptimizerLieBehindTheWeights() {
        var init = new Initialiser.Constant(0);
        var parameters = List.of(
                ParameterSpec.plain("m", List.of(1), ParameterSpec.Role.OPTIMIZER_STATE, 12, init, 1), ParameterSpec.plain("w", List.of(1), ParameterSpec.Role.WEIGHT, 28, init, 1));
        assertThrows(IllegalArgumentException.class, () -> new Model("M", "M", parameters, Map.of(), Map.of(), List.of(), Map.of()));
    }

    @Test
    void jsonIsReadStrictly() {
        for (String text : List.of("", "{", "{}x", "[1,]", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "01", "+1", "1.", ".5", "NaN", "tru", "\"\\x\"", "\"\\u12g4\"", "\"\t\"", "'a'", "{a:1}", "1 2", "[".repeat(40) + "]".repeat(40))) {
            assertThrows(Json.Malformed.class, () -> JsonReader.read(text), text);
        }
    }

    @Test
    void jsonReadsWhatItPrints() throws Json.Malformed {
        for (String text : List.of("null", "[true,false,null,-0.5e-3,12,[],{}]", "{\"\":{\"a\":[{}]}}", "\"\\\"\\\\\\u0001é\"")) {
            assertEquals(text, JsonReader.read(" \n" + text + "\t").toString());
        }
        assertEquals("\"/\\u0008\"", JsonReader.read("\"\\/\\b\"").toString());
    }
}
