package dev.kiln.runtime;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The command line that every network's jar has:
/// ```
/// java -jar digits.jar                                                        what it is and how to call it
/// java -jar digits.jar --input image=rows.csv [--output probability=out.csv]  predicts
/// ```
/// Exit codes: 0, 1 for files that do not fit, 2 for a wrong command.
public final class Main {
    private final PrintStream out;
    private final Map<String, Path> inputs = new LinkedHashMap<>();
    private final Map<String, Path> outputs = new LinkedHashMap<>();
    private int threads = Options.defaults().threads();

    private Main(PrintStream out) {
        this.out = out;
    }

    private static final class Usage extends Exception {
        private static final long serialVersionUID = 1;

        Usage(String message) {
            super(message);
        }
    }

    public static void main(String[] arguments) {
        int code = run(System.getProperty("kiln.network"), Main.class.getClassLoader(), System.out, System.err, arguments);
        System.out.flush();
        if (code != 0) System.exit(code);
    }

    /// @param className the network's class, null when the jar does not say it
    static int run(String className, ClassLoader loader, PrintStream out, PrintStream err, String... arguments) {
        try {
            if (className == null) throw new Usage("no network: this jar's manifest has no " + Model.MANIFEST);
            var main = new Main(out);
            boolean help = main.parse(arguments);
            try (Network network = Network.named(className, loader, Options.defaults().threads(main.threads))) {
                if (help) main.describe(network);
                else main.predict(network);
            }
            return 0;
        } catch (Usage e) {
            err.println(e.getMessage());
            return 2;
        } catch (IOException | ShapeException | WeightsException e) {
            err.println(e instanceof IOException && !e.getMessage().contains(": ") ? "cannot read or write " + e.getMessage() : e.getMessage());
            return 1;
        }
    }

    /// True when the network is to be described.
    private boolean parse(String... arguments) throws Usage {
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            switch (name) {
                case "--help", "-h" -> {
                    return true;
                }
                case "--input", "--output", "--threads" -> {
                    if (++i == arguments.length) throw new Usage(name + " needs a value");
                    if (name.equals("--threads")) threads = threads(arguments[i]);
                    else put(name.equals("--input") ? inputs : outputs, arguments[i]);
                }
                default -> throw new Usage("unknown argument " + name + "; --help shows what there is");
            }
        }
        return inputs.isEmpty();
    }

    private static int threads(String text) throws Usage {
        if (!text.matches("[1-9]\\d{0,2}")) throw new Usage("--threads needs a number from 1 to 999, got " + text);
        return Integer.parseInt(text);
    }

    private static void put(Map<String, Path> files, String text) throws Usage {
        int equals = text.indexOf('=');
        if (equals <= 0) throw new Usage("NAME=FILE is expected instead of " + text);
        if (files.put(text.substring(0, equals), Path.of(text.substring(equals + 1))) != null) throw new Usage(text.substring(0, equals) + " is given twice");
    }

    private void describe(Network network) {
        String[] dims = network.dims("predict");
        Door[] in = network.inputs("predict");
        Door[] results = network.outputs("predict");
        out.println(network.model().name());
        for (Door door : in) out.println("  in   " + network.model().print(door, dims));
        for (Door door : results) out.println("  out  " + network.model().print(door, dims));
        long count = 0;
        for (ParameterSpec p : network.model().weights()) count += p.elements();
        out.println("  " + count + " parameters in " + network.model().weights().size() + " tensors");
        out.println("  " + (network.width() == Width.W1 ? "scalar kernels" : "vector kernels of " + 32 * network.width().lanes() + " bit"));
        network.model().facts().forEach((name, value) -> out.println("  " + name + ": " + value));
        out.println();
        String inputs = String.join(" ", Arrays.stream(in).map(d -> "--input " + d.name() + "=FILE").toList());
        String outputs = String.join(" ", Arrays.stream(results).map(d -> "[--output " + d.name() + "=FILE]").toList());
        out.println("usage: java -jar JAR " + inputs + " " + outputs + " [--threads N]");
        out.println("Files are .npy, or text with one row a line: numbers separated by commas, or what an input of text is to read. Without --output results are printed.");
    }

    private void predict(Network network) throws Usage, IOException {
        String[] dims = network.dims("predict");
        Door[] in = network.inputs("predict");
        Door[] results = network.outputs("predict");
        known(inputs, in, "input");
        known(outputs, results, "output");
        Tensor[] tensors = new Tensor[in.length];
        for (int i = 0; i < in.length; i++) {
            Path file = inputs.get(in[i].name());
            if (file == null) throw new Usage("input " + network.model().print(in[i], dims) + " is missing: --input " + in[i].name() + "=FILE");
            tensors[i] = TensorFiles.read(file, network.model().text(in[i].name()), in[i], dims);
        }
        Tensor[] y = network.predict(tensors);
        for (int i = 0; i < y.length; i++) {
            Path file = outputs.get(results[i].name());
            Optional<Vocabulary> text = network.model().text(results[i].name());
            if (file != null) TensorFiles.write(file, text, y[i]);
            else if (outputs.isEmpty()) out.print((y.length > 1 ? "# " + results[i].name() + "\n" : "") + TensorFiles.print(text, y[i]));
        }
    }

    private static void known(Map<String, Path> files, Door[] doors, String kind) throws Usage {
        for (String name : files.keySet()) {
            if (Arrays.stream(doors).noneMatch(d -> d.name().equals(name))) {
                throw new Usage("there is no " + kind + " '" + name + "', there is " + String.join(", ", Arrays.stream(doors).map(d -> "'" + d.name() + "'").toList()));
            }
        }
    }
}
