package dev.kiln.cli;

import dev.kiln.runtime.Door;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.TensorFiles;
import dev.kiln.runtime.Vocabulary;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "run", description = "Predicts: reads inputs from files, writes outputs to files or prints them.")
final class RunCommand implements Callable<Integer> {
    private static final String ENTRY = "predict";

    @Parameters(paramLabel = "FILE.jar", description = "The network.")
    Path jar;

    @Option(names = "--input", required = true, paramLabel = "NAME=FILE", description = "An input: rows of numbers (.csv), an array (.npy), or lines of text where the input is text.")
    Map<String, Path> inputs = new LinkedHashMap<>();

    @Option(names = "--output", paramLabel = "NAME=FILE", description = "Where an output goes (.csv or .npy); without any, all are printed.")
    Map<String, Path> outputs = new LinkedHashMap<>();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (Network network = Jars.open(jar)) {
            Door[] in = network.inputs(ENTRY);
            Door[] results = network.outputs(ENTRY);
            known("input", inputs, in);
            known("output", outputs, results);
            Tensor[] tensors = new Tensor[in.length];
            for (int i = 0; i < in.length; i++) {
                Path path = inputs.get(in[i].name());
                if (path == null) {
                    throw UserError.usage("input %s is missing: --input %s=FILE", network.model().print(in[i], network.dims(ENTRY)), in[i].name());
                }
                tensors[i] = TensorFiles.read(path, network.model().text(in[i].name()), in[i], network.dims(ENTRY));
            }
            write(network.model(), results, network.predict(tensors));
        }
        return ExitCode.OK;
    }

    private void write(Model model, Door[] results, Tensor... values) throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        for (int i = 0; i < values.length; i++) {
            Path path = outputs.get(results[i].name());
            Optional<Vocabulary> text = model.text(results[i].name());
            if (path != null) {
                TensorFiles.write(path, text, values[i]);
            } else if (outputs.isEmpty()) {
                out.print((values.length > 1 ? "# " + results[i].name() + "\n" : "") + TensorFiles.print(text, values[i]));
            }
        }
        out.flush();
    }

    private static void known(String kind, Map<String, Path> given, Door... doors) {
        for (String name : given.keySet()) {
            if (Arrays.stream(doors).noneMatch(door -> door.name().equals(name))) {
                throw UserError.usage("there is no %s %s; there is %s", kind, name, Arrays.stream(doors).map(Door::name).collect(Collectors.joining(", ")));
            }
        }
    }
}
