package dev.kiln.cli;

import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Dataset;
import dev.kiln.cli.data.Reader;
import dev.kiln.cli.data.Shuffle;
import dev.kiln.cli.data.Split;
import dev.kiln.cli.data.Tensors;
import dev.kiln.cli.train.BarProgress;
import dev.kiln.cli.train.Checkpoint;
import dev.kiln.cli.train.Curve;
import dev.kiln.cli.train.Epoch;
import dev.kiln.cli.train.FirstWeights;
import dev.kiln.cli.train.HealthCheck;
import dev.kiln.cli.train.HealthProgress;
import dev.kiln.cli.train.MetricsCsv;
import dev.kiln.cli.train.Outcome;
import dev.kiln.cli.train.PlainProgress;
import dev.kiln.cli.train.Progress;
import dev.kiln.cli.train.RateSearch;
import dev.kiln.cli.train.TrainerLearner;
import dev.kiln.cli.train.TrainingRun;
import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.compiler.check.TrainingSpec;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.study.Pace;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Weights;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "train",
        description = "Trains a network on the data that its train block names, and writes a jar that runs with java -jar, a curve (SVG) and the metrics (CSV).",
        footer = {"", "Ctrl-C ends the training early: the best weights so far are kept and the files are written."})
final class TrainCommand implements Callable<Integer> {
    private static final int USUAL_BATCH = 64;

    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--epochs", paramLabel = "E", description = "Passes over the data, instead of what the file says.")
    Optional<Integer> epochs;

    @Option(names = "--seed", paramLabel = "S", description = "Of first weights, order of rows and chance; what the file says, or 1, when left out.")
    Optional<Long> seed;

    @Option(names = "--split-seed", paramLabel = "S", defaultValue = "1",
            description = "Which rows are held back for validation; it is apart from --seed, so runs of several seeds are measured on the same rows. ${DEFAULT-VALUE} when left out.")
    long splitSeed;

    @Option(names = "--validate", paramLabel = "SHARE", description = "The share of rows held back, instead of what the file says.")
    Optional<Double> validate;

    @Option(names = "--threads", paramLabel = "T", description = "All cores when left out; results do not depend on it.")
    Optional<Integer> threads;

    @Option(names = "--data", paramLabel = "PATH", description = "A data file of the same columns, instead of the one that the file names.")
    Optional<Path> data;

    @Option(names = "--weights", paramLabel = "W.safetensors", description = "Weights to begin with, instead of fresh ones.")
    Optional<Path> weights;

    @Option(names = "--patience", paramLabel = "E", description = "End after so many epochs without a lower validation loss, instead of what the file says.")
    Optional<Integer> patience;

    @Option(names = "--checkpoint", paramLabel = "FOLDER",
            description = "Keep the state of the training here after each epoch. When the folder holds one already, go on from it: the result has the same bits as one unbroken run.")
    Optional<Path> checkpoint;

    @Option(names = {"-o", "--output"}, paramLabel = "OUT.jar", description = "The jar to write, the curve and the metrics beside it; FILE's name with .jar in the current folder when left out.")
    Optional<Path> output;

    @Option(names = "--network", paramLabel = "NAME", description = "Which network, when the file has several.")
    Optional<String> network;

    @Option(names = "--time", description = "Print what each stage of the compiler took.")
    boolean time;

    @Option(names = "--health", description = "After each epoch say which layers suffer: vanished gradients, steps too long or too short, dead and saturated units.")
    boolean health;

    @Option(names = "--find-rate", description = "Train nothing, but try learning rates from a thousandth to a thousand times what the file says on some batches, and say which is good.")
    boolean findRate;

    @Option(names = "--exact", description = "Compute 3x3 and 5x5 convolutions as they stand, not by transforms, which are faster and round more: up to 2e-4 of the largest element.")
    boolean exact;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        SourceFile source = Sources.read(file);
        Timing timing = new Timing();
        Compiled compiled = Sources.compiler(exact).compile(source, network, timing);
        if (time) {
            timing.print(out);
        }
        Checked.Model model = Training.model(source, compiled.model().name());
        TrainingSpec training = model.training().orElseThrow();
        DataSpec spec = Training.data(training, compiled.model().name());
        if (threads.isPresent() && (threads.get() < 1 || threads.get() > 1024)) {
            throw UserError.usage("--threads takes a number from 1 to 1024, not %d", threads.get());
        }
        Options options = threads.map(Options.defaults()::threads).orElse(Options.defaults());
        if (weights.isPresent()) {
            options = options.weights(weights.get());
        }
        long chosenSeed = seed.orElse(training.seed().orElse(1L));
        Path jar = output.orElse(Sources.output(file, ".jar"));
        try (StopSignal stop = new StopSignal(); Trainer trainer = compiled.trainer(chosenSeed, options)) {
            if (weights.isEmpty()) FirstWeights.load(training.loads(), file, trainer.weights());
            Path path = data.orElse(Training.path(file, spec));
            spare(path, jar);
            Dataset rows = Dataset.read(Reader.of(spec, data), path, Tensors.wanted(spec, compiled.model(), trainer.inputs(), trainer.dims()));
            double share = validate.orElse(training.validate());
            Split split = spec.windows().isPresent() ? Split.last(rows.rows(), share) : Split.of(rows.rows(), share, splitSeed);
            out.printf("%s: %,d rows to train on, %,d held back%n", path, split.training().length, split.validation().length);
            out.flush();
            OptionalInt patient = patience.map(OptionalInt::of).orElse(training.patience());
            var settings = new TrainingRun.Settings(epochs.orElse(training.epochs()), spec.batch().orElse(USUAL_BATCH), patient, chosenSeed);
            if (findRate) {
                refuseBesideRates(training);
                findRate(model.program(), source, training, rows, split, settings, options, stop);
                return ExitCode.OK;
            }
            var learner = new TrainerLearner(trainer, training.accumulate());
            Optional<Checkpoint<Weights>> kept = checkpoint.map(folder -> new Checkpoint<>(folder, learner, chosenSeed));
            Function<Progress, Outcome<Weights>> run = progress -> new TrainingRun<>(learner, rows, split, settings, progress, kept, stop).run();
            Outcome<Weights> outcome;
            if (health) {
                Tensor[] examined = Tensors.of(Batch.cut(rows, split.training(), settings.batch()).getFirst());
                try (var check = new HealthCheck(Sources.compiler(exact), model.program(), source, options)) {
                    var progress = new HealthProgress(progress(), System.out, () -> check.examine(trainer, examined));
                    outcome = run.apply(progress);
                    progress.last().ifPresent(report -> out.printf("%nafter the last epoch, seen through %d rows:%n%s%n", examined[0].shape()[0], report.table()));
                }
            } else {
                outcome = run.apply(progress());
            }
            compiled.writeJar(jar, outcome.weights(), true);
            report(outcome, settings, jar, compiled.model().name(), out);
        }
        return ExitCode.OK;
    }

    /// A search for rates keeps no state, has no epochs to look at, and makes an update of every batch.
    private void refuseBesideRates(TrainingSpec training) {
        if (health) throw UserError.usage("--find-rate trains nothing, so --health has nothing to look at: leave one of them out");
        if (checkpoint.isPresent()) throw UserError.usage("--find-rate trains nothing, so there is nothing to keep with --checkpoint: leave one of them out");
        if (training.accumulate() > 1) throw UserError.usage("%s makes one update of %d batches (accumulate), and --find-rate would make one of each: leave accumulate out while you look for a rate", file, training.accumulate());
    }

    /// Prints what a training with ever longer steps shows; nothing is written.
    private void findRate(Program program, SourceFile source, TrainingSpec training, Dataset rows, Split split, TrainingRun.Settings settings, Options options, StopSignal stop) {
        PrintWriter out = spec.commandLine().getOut();
        try (Trainer trainer = Sources.compiler(exact).compile(Pace.of(program), source).trainer(settings.seed(), options)) {
            if (weights.isEmpty()) FirstWeights.load(training.loads(), file, trainer.weights());
            int[] order = Shuffle.epoch(split.training(), settings.seed(), 1);
            out.print(RateSearch.run(trainer, Batch.cutForTraining(rows, order, settings.batch(), settings.seed()), stop).text());
            out.flush();
        }
    }

    /// Nothing that is written may take the place of the data.
    private static void spare(Path data, Path jar) {
        for (Path written : List.of(jar, sibling(jar, ".svg"), sibling(jar, ".csv"))) {
            if (written.toAbsolutePath().normalize().equals(data.toAbsolutePath().normalize())) {
                throw UserError.usage("%s is the data, and the training would write its own file there: give another name with -o", data);
            }
        }
    }

    private static Progress progress() {
        PrintStream out = System.out;
        return Terminal.redraws() ? new BarProgress(out, Terminal::columns, System::nanoTime) : new PlainProgress(out);
    }

    private static void report(Outcome<Weights> outcome, TrainingRun.Settings settings, Path jar, String name, PrintWriter out) throws IOException {
        if (outcome.stopped()) {
            out.println(outcome.best().isPresent() ? "stopped; the best weights so far are kept" : "stopped before the first epoch was whole; the weights as they are now are kept");
        }
        if (!outcome.stopped() && outcome.history().size() < settings.epochs()) {
            out.printf("no lower validation loss for %d epochs: that was the patience, %d of %d epochs were trained%n", settings.patience().orElseThrow(), outcome.history().size(), settings.epochs());
        }
        outcome.best().flatMap(Epoch::validation)
                .ifPresent(scores -> out.printf("kept: epoch %d, validation %s%n", outcome.best().get().number(), scores));
        out.printf("%s: %,d bytes; try java -jar %s%n", jar, Files.size(jar), jar);
        if (!outcome.history().isEmpty()) {
            Path curve = sibling(jar, ".svg");
            Path metrics = sibling(jar, ".csv");
            Files.writeString(curve, Curve.of(name, outcome.history()));
            Files.writeString(metrics, MetricsCsv.of(outcome.history()));
            out.printf("%s, %s: the way there%n", curve, metrics);
        }
        out.flush();
    }

    /// The file beside the jar with another ending.
    private static Path sibling(Path jar, String ending) {
        String name = jar.getFileName().toString();
        return jar.resolveSibling((name.endsWith(".jar") ? name.substring(0, name.length() - 4) : name) + ending);
    }
}
