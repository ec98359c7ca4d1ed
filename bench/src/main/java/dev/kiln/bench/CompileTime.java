package dev.kiln.bench;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How the time to compile grows with the length of a chain of blocks, each a dense layer, a norm and an activation beside a shortcut.
record CompileTime(String name) implements Item {
    private static final List<Integer> BLOCKS = List.of(50, 100, 200, 400);
    private static final int TURNS = 3;

    @Override
    public Outcome measure(Settings settings) {
        var compiler = Compiler.of(CompileTime.class.getClassLoader());
        compiler.compile(chain(BLOCKS.getFirst()));
        List<Outcome.Row> rows = new ArrayList<>();
        for (int blocks : BLOCKS) {
            var samples = new Samples(Stream.generate(() -> seconds(compiler, chain(blocks))).limit(TURNS).toList());
            rows.add(new Outcome.Row(name + "_" + blocks, "kiln", 1, samples.median(), samples.spread(), Double.NaN, Double.NaN, Double.NaN));
        }
        double growth = rows.getLast().seconds() / rows.get(rows.size() - 2).seconds();
        return new Outcome(rows, List.of(), List.of(String.format(Locale.ROOT, "GROWTH %s %d/%d %.2f", name, BLOCKS.getLast(), BLOCKS.get(BLOCKS.size() - 2), growth)));
    }

    private static double seconds(Compiler compiler, SourceFile source) {
        long start = System.nanoTime();
        compiler.compile(source);
        return (System.nanoTime() - start) / 1e9;
    }

    private static SourceFile chain(int blocks) {
        return new SourceFile("chain.nn", """
                layer Block()(x: f32[N, C]) -> f32[N, C] {
                  return x + (x |> LayerNorm |> Dense(C) |> gelu)
                }

                network Chain {
                  in x: f32[N, 32]
                  out y = x%s
                }
                """.formatted(" |> Block".repeat(blocks)));
    }
}
