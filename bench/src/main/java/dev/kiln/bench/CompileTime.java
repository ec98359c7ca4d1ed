package dev.kiln.bench;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// How the time to compile grows with the length of a chain of blocks, each a dense layer, a norm and an activation beside a shortcut; and what a ResNet-50 takes,
/// in a JVM that has compiled before.
record CompileTime(String name) implements Item {
    private static final List<Integer> BLOCKS = List.of(50, 100, 200, 400);
    private static final int TURNS = 3;

    @Override
    public Outcome measure(Settings settings) {
        var compiler = Compiler.of(CompileTime.class.getClassLoader());
        compiler.compile(chain(BLOCKS.getFirst()));
        List<Outcome.Row> rows = new ArrayList<>();
        for (int blocks : BLOCKS) {
            rows.add(row(name + "_" + blocks, compiler, chain(blocks)));
        }
        double growth = rows.getLast().seconds() / rows.get(rows.size() - 2).seconds();
        rows.add(row(name + "_resnet50", compiler, Subject.read(settings.root().resolve("bench/models/resnet50.nn"))));
        return new Outcome(rows, List.of(), List.of(String.format(Locale.ROOT, "GROWTH %s %d/%d %.2f", name, BLOCKS.getLast(), BLOCKS.get(BLOCKS.size() - 2), growth)));
    }

    private static Outcome.Row row(String name, Compiler compiler, SourceFile source) {
        var samples = new Samples(Stream.generate(() -> seconds(compiler, source)).limit(TURNS).toList());
        return new Outcome.Row(name, "kiln", 1, samples.median(), samples.spread(), Double.NaN, Double.NaN, Double.NaN);
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
