package dev.kiln.cli;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "compile", description = "Compiles networks to jars or into a folder of classes, with the weights of a file or with fresh ones.")
final class CompileCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn file; several only when they go into a folder.")
    List<Path> files;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT", description = "The jar to write, or a folder that is there and gets the classes; FILE's name with .jar in the current folder when left out.")
    Optional<Path> output;

    @Option(names = "--weights", paramLabel = "W.safetensors", description = "Weights to put in; fresh ones by --seed when left out.")
    Optional<Path> weights;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "The seed of fresh weights; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Option(names = "--standalone", description = "Put the runtime into the jar, so that it runs alone with java -jar.")
    boolean standalone;

    @Option(names = "--network", paramLabel = "NAME", description = "Which network, when the file has several.")
    Optional<String> network;

    @Option(names = "--time", description = "Print what each stage took.")
    boolean time;

    @Option(names = "--exact", description = "Compute 3x3 and 5x5 convolutions as they stand, not by transforms, which are faster and round more: up to 2e-4 of the largest element.")
    boolean exact;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        boolean several = files.size() > 1;
        boolean folder = output.filter(path -> Files.isDirectory(path) || (several && !Files.exists(path))).isPresent();
        if (several && !folder) {
            throw UserError.usage("several files go into a folder: -o FOLDER");
        }
        for (Path file : files) {
            compile(file, folder);
        }
        return ExitCode.OK;
    }

    private void compile(Path file, boolean folder) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Timing timing = new Timing();
        Compiled compiled = Sources.compiler(exact).compile(Sources.read(file), network, timing);
        if (time) {
            timing.print(out);
        }
        if (folder) {
            ClassFolder.write(compiled, chosen(compiled), output.orElseThrow());
        } else {
            Path jar = output.orElse(Sources.output(file, ".jar"));
            compiled.writeJar(jar, chosen(compiled), standalone);
            out.printf("%s: %,d bytes%n", jar, Files.size(jar));
        }
        out.flush();
    }

    private Weights chosen(Compiled compiled) {
        if (weights.isEmpty()) {
            return compiled.weights(seed);
        }
        try (Trainer trainer = compiled.trainer(seed, Options.defaults().warm(Warm.NEVER).weights(weights.get()))) {
            return trainer.weights().copy();
        }
    }
}
