package dev.kiln.testkit;

import dev.kiln.compiler.op.Ops;
import org.junit.jupiter.api.Test;

/// The derivative of each operator and loop as a graph, to be read and to be kept short.
class GradientTextTest {
    @Test
    void everyOperatorHasThisGradient() {
        var text = new StringBuilder();
        for (var spec : Ops.ALL)
            for (var sample : spec.samples()) {
                String shown = GradientText.of(sample);
                if (!shown.isEmpty()) text.append("### %s, %s\n%s\n".formatted(spec.name(), sample.label(), shown));
            }
        Golden.assertGolden("gradients.golden", text.toString());
    }

    @Test
    void everyLoopHasThisGradient() {
        var text = new StringBuilder();
        for (var cell : Recurrent.values()) text.append("### %s\n%s\n".formatted(cell, GradientText.of(cell, 0)));
        Golden.assertGolden("loop-gradients.golden", text.toString());
    }
}
