package dev.kiln.bench.gradients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// What `torch.autograd.gradcheck` says of all cases, when there is a Python that has it.
final class TorchCheck {
    private TorchCheck() {}

    /// By the names of the cases; empty without PyTorch.
    static Map<String, Said> all(String script) throws IOException, InterruptedException {
        for (String python : new String[] {"/usr/bin/python3", "python3"}) {
            Process process;
            try {
                process = new ProcessBuilder(python, script).redirectError(ProcessBuilder.Redirect.DISCARD).start();
            } catch (IOException _) {
                continue;   // there is no such Python
            }
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() == 0) return read(out);
        }
        return Map.of();
    }

    private static Map<String, Said> read(String out) {
        var said = new HashMap<String, Said>();
        out.lines().map(line -> line.split("\t", -1)).filter(parts -> parts.length == 4).forEach(parts -> said.put(parts[0], new Said(parts[1], parts[2], Double.parseDouble(parts[3]))));
        return said;
    }
}
