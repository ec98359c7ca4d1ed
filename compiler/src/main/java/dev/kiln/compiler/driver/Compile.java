package dev.kiln.compiler.driver;

import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Arithmetic;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.pack.Packed;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.Optional;

/// Runs the pipeline, all of it or up to a stage.
public final class Compile {
    /// Everything, from text to what a jar holds.
    public static Packed run(SourceFile source, Library library, Optional<String> network, Arithmetic arithmetic, Pipeline.Watcher watcher) {
        return Stages.ALL.run(new Compilation(source, library, network, arithmetic, new Problems(), new ArrayList<>()), source, watcher);
    }

    /// A network that has been checked, or made of one: from its graphs to what a jar holds.
    public static Packed run(Program network, SourceFile source, Library library, Arithmetic arithmetic) {
        var unit = new Stages.Unit(new Checked.Model(network, Optional.empty()), network);
        return Stages.OF_NETWORKS.run(new Compilation(source, library, Optional.empty(), arithmetic, new Problems(), new ArrayList<>()), unit, (_, _, _) -> {});
    }

    /// Everything up to the plan of the memory: what the compiler has decided, before any code is written.
    public static Planned plan(SourceFile source, Library library, Optional<String> network, Arithmetic arithmetic) {
        return Stages.PLAN.run(new Compilation(source, library, network, arithmetic, new Problems(), new ArrayList<>()), source, (_, _, _) -> {});
    }

    /// The text of what `stage` made; the stages after it do not run.
    public static String until(SourceFile source, Library library, Optional<String> network, Arithmetic arithmetic, String stage) {
        try {
            run(source, library, network, arithmetic, (name, _, text) -> {
                if (name.equals(stage)) throw new Reached(text.get());
            });
        } catch (Reached reached) {
            return reached.text;
        }
        throw new IllegalStateException("stage '" + stage + "' was never reached");
    }

    private static final class Reached extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final String text;

        Reached(String text) {
            super(null, null, false, false);
            this.text = text;
        }
    }

    private Compile() {}
}
