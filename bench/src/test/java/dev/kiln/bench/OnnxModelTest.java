package dev.kiln.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnxruntime.OrtException;
import dev.kiln.bench.onnx.OnnxModel;
import dev.kiln.bench.onnx.OnnxSession;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OnnxModelTest {
    private final OnnxModel model = new OnnxModel();

    @Test
    void nodesComputeWhatTheySay() throws OrtException {
        // x = (1, 2), w = ((1, -1), (2, 3)), b = (0.5, -10): x·w + b = (5.5, -5), relu (5.5, 0)
        OnnxModel.Value x = model.input(-1, 2);
        OnnxModel.Value y = model.relu(model.gemm(x, new Constant(new float[] {1, -1, 2, 3}, 2, 2), new Constant(new float[] {0.5f, -10}, 2)));
        assertGives(y, new int[] {1, 2}, new float[] {1, 2}, new int[] {1, 2}, 5.5f, 0);
    }

    @Test
    void aConvolutionPadsWithZeros() throws OrtException {
        // the sum over 3x3 of a 2x2 image of ones is 4 at each place
        var ones = new Constant(new float[] {1, 1, 1, 1, 1, 1, 1, 1, 1}, 1, 1, 3, 3);
        OnnxModel.Value y = model.conv(model.input(-1, 1, 2, 2), ones, List.of(new Constant(new float[] {1}, 1)), 1, 1, 1);
        assertGives(y, new int[] {1, 1, 2, 2}, new float[] {1, 1, 1, 1}, new int[] {1, 1, 2, 2}, 5, 5, 5, 5);
    }

    @Test
    void attributesThatAreRealNumbersArrive() throws OrtException {
        // (x - 1) / √(3.99999 + 1e-5) · 2 + 1
        OnnxModel.Value x = model.input(-1, 1, 1, 2);
        OnnxModel.Value y = model.batchNorm(x, one(2), one(1), one(1), one(3.99999f));
        assertGives(y, new int[] {1, 1, 1, 2}, new float[] {1, 5}, new int[] {1, 1, 1, 2}, 1, 5);
    }

    @Test
    void aPermutationMovesEveryElement() {
        var matrix = new Constant(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertArrayEquals(new float[] {1, 4, 2, 5, 3, 6}, matrix.permuted(1, 0).values());
        assertArrayEquals(new int[] {3, 2}, matrix.permuted(1, 0).shape());
    }

    private static Constant one(float value) {
        return new Constant(new float[] {value}, 1);
    }

    private void assertGives(OnnxModel.Value y, int[] inputShape, float[] input, int[] outputShape, float... expected) throws OrtException {
        try (var session = new OnnxSession(model.toBytes(y, outputShape), 1, input, inputShape, outputShape)) {
            session.run();
            assertArrayEquals(expected, session.output(), 1e-6f);
        }
    }
}
