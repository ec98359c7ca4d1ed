package dev.kiln.cli;

import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Dataset;
import dev.kiln.cli.data.Reader;
import dev.kiln.cli.data.Shuffle;
import dev.kiln.cli.data.Tensors;
import dev.kiln.cli.train.Scores;
import dev.kiln.cli.train.Tally;
import dev.kiln.cli.train.TrainerLearner;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "evaluate", description = "Prints the loss and each metric of a network over all rows of a data file, one `name value` a line.")
final class EvaluateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.jar", description = "The network.")
    Path jar;

    @Option(names = "--data", required = true, paramLabel = "PATH", description = "Rows in the columns that the network's data block names.")
    Path data;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        try (Network network = Jars.open(jar)) {
            DataSpec columns = Training.data(Training.of(Jars.source(jar, network.model()), network.model().name()), network.model().name());
            Door[] inputs = network.inputs("evaluate");
            Dataset rows = Dataset.read(Reader.of(columns, Optional.of(data)), data, Tensors.wanted(columns, network.model(), inputs, network.dims("evaluate")));
            Tally tally = new Tally();
            for (Batch batch : Batch.cutForScoring(rows, Shuffle.none(rows.rows()))) {
                tally.add(TrainerLearner.scores(network.outputs("evaluate"), network.evaluate(Tensors.of(batch))), batch.rows());
            }
            tally.scores().values().forEach((name, value) -> out.println(name + " " + Scores.number(value)));
            out.flush();
        }
        return ExitCode.OK;
    }
}
