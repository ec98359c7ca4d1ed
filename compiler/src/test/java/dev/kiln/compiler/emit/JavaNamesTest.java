package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import javax.lang.model.SourceVersion;
import org.junit.jupiter.api.Test;

class JavaNamesTest {
    @Test
    void wordsOfJavaGetAnUnderscore() {
        assertEquals(List.of("class_", "__", "y", "hashCode_", "record"), JavaNames.distinct(List.of("class", "_", "y", "hashCode", "record")));
        for (String word : List.of("int", "true", "null", "goto", "default", "strictfp", "_")) assertTrue(SourceVersion.isName(JavaNames.of(word)), word);
    }

    @Test
    void equalNamesAreToldApart() {
        assertEquals(List.of("class_", "class__", "seed", "seed_"), JavaNames.distinct(List.of("class", "class_", "seed", "seed")));
    }
}
