package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The JVM's quick compiler takes the kernels of these networks with profiles (tier 3). One that it takes without (tier 2, where it goes when the best compiler has much to do) but not with them can
/// never be compiled again: it makes boxes for good, 20 to 50 times too slow.
class QuickCompilerTest {
    /// Kernels that the networks have.
    private static final List<String> KINDS = List.of("Tile12x32BiasResidual", "Tile7x32Windows", "Channel", "Slide", "TransformInput", "TransformOutput", "Rows", "Pair");
    private static final Pattern SKIPPED = Pattern.compile("\\.k\\d+\\..*COMPILE SKIPPED");

    private static final String[] NETWORKS = {
        "network Bottlenecks { in x: f32[N, 64, 14, 14]  logits = x |> Bottleneck(32) |> Bottleneck(64, stride: 2) |> Bottleneck(64) |> average_all |> Dense(3)  out logits }",
        "network Inverted { in x: f32[N, 32, 28, 28]  logits = x |> InvertedResidual(32, expand: 6) |> InvertedResidual(64, stride: 2, expand: 6) |> InvertedResidual(64, expand: 6) |> average_all |> Dense(3)  out logits }",
        "network Layer { in x: f32[N, 32, 96]  y = x |> EncoderBlock(4, 192)  out y }",
        "network Depthwise { in x: f32[N, 32, 14, 14]  logits = x |> Depthwise2d(kernel: 7, pad: 3) |> relu |> Depthwise2d(kernel: 5, pad: 2, stride: 2) |> BatchNorm |> relu(max: 6) |> average_all |> Dense(3)  out logits }",
        "network Learning { in x: f32[N, 16, 14, 14]  logits = x |> Conv2d(32, pad: same) |> BatchNorm |> relu |> InvertedResidual(32, expand: 4) |> MaxPool2d(2) |> flatten |> Dense(10)  out logits }\ntrain Learning { in label: i32[N]  loss cross_entropy(logits, label)  optimizer AdamW(lr: 0.001)  clip norm 1 }",
        "network Recurrent { in x: f32[N, 12, 32]  h = x |> scan(GRU(256, reset_after: true)) |> scan(LSTM(64))  logits = h |> Dense(5)  out logits }\ntrain Recurrent { in label: i32[N, 12]  loss cross_entropy(logits, label)  optimizer Adam(lr: 0.001) }",
        "exact",
        "network Residuals { in x: f32[N, 64, 12, 12]  logits = x |> BasicBlock(64) |> average_all |> Dense(3)  out logits }",
        "network Windows { in x: f32[N, 64, 14, 14]  logits = x |> BasicBlock(64) |> BasicBlock(128, stride: 2) |> average_all |> Dense(3)  out logits }"};

    @Test
    void takesEveryKernelWithProfiles() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=3", "-XX:-BackgroundCompilation", "-XX:+PrintCompilation", "-XX:+UseSerialGC", "--add-modules", "jdk.incubator.vector",
                "-cp", System.getProperty("java.class.path"), QuickCompilerProbe.class.getName()));
        command.addAll(List.of(NETWORKS));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        for (String kind : KINDS) {
            var compiled = Pattern.compile("\\s3\\s+\\w+\\.k512\\." + kind);
            assertTrue(lines.stream().anyMatch(compiled.asPredicate()), () -> "no " + kind + " was compiled at tier 3: the JVM prints something else than this test looks for, or the networks have none any more");
        }
        assertEquals(List.of(), lines.stream().filter(SKIPPED.asPredicate()).toList());
    }
}
