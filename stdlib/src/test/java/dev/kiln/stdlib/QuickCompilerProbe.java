package dev.kiln.stdlib;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.EntryCode;
import dev.kiln.runtime.Width;
import java.util.Arrays;

/// Runs in a JVM of its own, see [QuickCompilerTest]: calls every kernel of a network as often as it takes to have it compiled.
final class QuickCompilerProbe {
    private static final int IDLE_CALLS = 150;
    private static final int IDLE_TURNS = -64;
    private static final int WORKING_CALLS = 60;

    private QuickCompilerProbe() {}

    /// Takes networks; those behind `exact` are compiled without transforms.
    public static void main(String[] arguments) throws ReflectiveOperationException {
        var compiler = Compiler.of(QuickCompilerProbe.class.getClassLoader());
        for (String network : arguments) {
            if (network.equals("exact")) compiler = compiler.exact();
            else for (var entry : EntryCodes.of(compiler.compile(new SourceFile("net.nn", network)))) call(entry);
        }
    }

    private static void call(EntryCode entry) {
        for (int rehearsal : Arrays.stream(entry.rehearsals()).flatMapToInt(Arrays::stream).distinct().toArray())
            for (var width : Width.values()) {
                float[] zeros = new float[entry.rehearsalFloats()];
                for (int i = 0; i < IDLE_CALLS; i++) entry.rehearse(width, rehearsal, zeros, IDLE_TURNS);
                for (int i = 0; i < WORKING_CALLS; i++) entry.rehearse(width, rehearsal, zeros, i & 1);
            }
    }
}
