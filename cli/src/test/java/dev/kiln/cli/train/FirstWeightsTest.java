package dev.kiln.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.check.TrainingSpec.Load;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.SafeTensors;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Weights;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Weights that begin with those of a file.
class FirstWeightsTest {
    private static final String TEXT = "network Net() { in x: f32[N, 2]  out y = x |> Dense(1) as d }";

    @TempDir
    Path folder;

    private Weights weights() {
        return Compiler.of(FirstWeightsTest.class.getClassLoader()).compile(new SourceFile("net.nn", TEXT)).weights(1);
    }

    private void load(Weights weights, String part, Map<String, Tensor> tensors) {
        new SafeTensors(tensors, Map.of()).write(folder.resolve("w.safetensors"));
        FirstWeights.load(List.of(new Load(part, "w.safetensors")), folder.resolve("net.nn"), weights);
    }

    @Test
    void theOnlyTensorFitsTheOnlyWeight() {
        Weights weights = weights();
        load(weights, "d.W", Map.of("anything", Tensor.of(new float[] {3, 4}, 2, 1)));
        assertArrayEquals(new float[] {3, 4}, weights.get("d.W").floats());
    }

    @Test
    void aPartTakesTensorsOfItsNames() {
        Weights weights = weights();
        load(weights, "d", Map.of("d.W", Tensor.of(new float[] {3, 4}, 2, 1), "d.b", Tensor.of(new float[] {5}, 1), "other", Tensor.of(new float[] {6}, 1)));
        assertArrayEquals(new float[] {3, 4}, weights.get("d.W").floats());
        assertArrayEquals(new float[] {5}, weights.get("d.b").floats());
    }

    @Test
    void whatIsMissingIsNamed() {
        Weights weights = weights();
        String message = assertThrows(UserError.class, () -> load(weights, "d", Map.of("d.W", Tensor.of(new float[] {3, 4}, 2, 1)))).getMessage();
        assertTrue(message.contains("holds no d.b"), message);
        assertThrows(UserError.class, () -> FirstWeights.load(List.of(new Load("d", "none.safetensors")), folder.resolve("net.nn"), weights));
    }
}
