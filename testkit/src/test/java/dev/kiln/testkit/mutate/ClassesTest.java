package dev.kiln.testkit.mutate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.ClassFile;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Each kind has mutants; each is another class that the JVM takes. The score itself is printed by `kiln mutate`.
class ClassesTest {
    @Test
    void everyKindHasMutants() {
        for (Kind kind : Kind.values()) assertTrue(kind.mutants().size() > 100, kind + " has " + kind.mutants().size());
    }

    @Test
    void aMutantIsAnotherClassThatVerifies() {
        for (Mutant mutant : MutationRun.drawn(Kind.REWRITE, 1, 40)) {
            byte[] altered = Classes.altered(mutant);
            assertTrue(!Arrays.equals(altered, Classes.bytes(mutant.type())), mutant::toString);
            assertEquals(List.of(), ClassFile.of().verify(altered), mutant::toString);
        }
    }

    /// `weights` only serves examples; `spread` is part of a rule.
    @Test
    void whatServesExamplesIsNotAltered() {
        var methods = Classes.mutants("dev/kiln/compiler/rewrite/Contractions", _ -> true).stream().map(m -> m.method().substring(0, m.method().indexOf('('))).toList();
        assertTrue(methods.contains("spread"));
        assertFalse(methods.contains("weights"));
    }
}
