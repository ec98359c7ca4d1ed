package dev.kiln.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A network without a compiler: its description, and a folder as `kiln compile` would fill a jar.
final class Fake {
    static final String CLASS = "dev.kiln.runtime.FakeNetwork";
    static final List<ParameterSpec> PARAMETERS = List.of(
            new ParameterSpec("dense.W", List.of(3, 4), ParameterSpec.Role.WEIGHT, List.of(0, 1), 32, 12, 96, new Initialiser.Uniform(-1, 1), 1),
            ParameterSpec.plain("dense.b", List.of(4), ParameterSpec.Role.STATE, 108, new Initialiser.Normal(0, 1), 0),
            ParameterSpec.plain("dense.W momentum", List.of(3, 4), ParameterSpec.Role.OPTIMIZER_STATE, 124, new Initialiser.Constant(0), 1));

    private Fake() {}

    static Model model() {
        Map<String, String> entries = new LinkedHashMap<>();
        entries.put("predict", FakePredict.class.getName());
        entries.put("train", FakeTrain.class.getName());
        entries.put("evaluate", FakeEvaluate.class.getName());
        return new Model("Fake", CLASS, PARAMETERS, entries, Map.of("compiler", "by hand"), List.of(), Map.of());
    }

    static Options options() {
        return Options.defaults().threads(1).width(Width.W1);
    }

    static Path folder(Path where) throws IOException {
        Files.createDirectories(where.resolve(Model.folder(CLASS)));
        Files.writeString(where.resolve(Model.resource(CLASS)), model().toJson());
        Weights.initial(model().parameters(), 1).tensors(false, Map.of()).write(where.resolve(Model.weightsResource(CLASS)));
        return where;
    }

    /// `2 x @ W + b` by the book.
    static float[] expected(Weights weights, Tensor x) {
        Tensor w = weights.get("dense.W");
        Tensor b = weights.get("dense.b");
        float[] y = new float[x.extent(0) * 4];
        for (int i = 0; i < x.extent(0); i++) {
            for (int j = 0; j < 4; j++) {
                float sum = 0;
                for (int k = 0; k < 3; k++) sum = Math.fma(x.get(i, k), 2 * w.get(k, j), sum);
                y[4 * i + j] = sum + b.get(j);
            }
        }
        return y;
    }

    static Tensor rows(int n, int columns, long seed) {
        return Tensor.of(new Initialiser.Normal(0, 1).values(seed, "rows", n, columns), n, columns);
    }
}
