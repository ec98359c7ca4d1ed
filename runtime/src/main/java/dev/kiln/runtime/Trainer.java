package dev.kiln.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Trains a network. It owns weights that change with each step; one thread at a time. The same seed and the same batches give the same bits on any machine, for any
/// number of threads.
///
/// The scalar input `step` of the entries `train` and `evaluate`, if they have one, is the number of the update, counted from 1; callers do not pass it. The first output of
/// `train` is the loss.
public class Trainer implements AutoCloseable {
    private final Model model;
    private final ClassLoader loader;
    private final Options options;
    private final Weights weights;
    private final Team team;
    private final Entry train;
    private Entry evaluate;
    private long seed;
    private int steps;
    private boolean closed;

    /// For a typed class: new weights by the initialisers and the seed, or those of the file that the options name.
    protected Trainer(Class<? extends Network> network, long seed, Options options) {
        this(network.getName(), network.getClassLoader(), seed, options);
    }

    private Trainer(String className, ClassLoader loader, long seed, Options options) {
        this.loader = loader;
        this.options = options;
        this.seed = seed;
        model = Model.load(className, loader);
        weights = Weights.initial(model.parameters(), seed);
        team = new Team(options.threads());
        train = new Entry(model.name(), model.code("train", loader), weights, team);
        if (options.weights().isPresent()) load(options.weights().get());
        train.warm(options, true);
    }

    /// Trains the network of a jar, from new weights.
    /// @throws IllegalArgumentException when the file holds no network
    public static Trainer open(Path jar, long seed, Options options) {
        JarLoader loader = JarLoader.open(jar);
        try {
            return new Trainer(loader.className(), loader, seed, options);
        } catch (RuntimeException e) {
            loader.release();
            throw e;
        }
    }

    /// Trains the network of a class loader that has its classes and resources.
    /// @param className the typed class, as [Model#className] gives it
    public static Trainer of(String className, ClassLoader loader, long seed, Options options) {
        return new Trainer(className, loader, seed, options);
    }

    Model model() {
        return model;
    }

    ClassLoader loader() {
        return loader instanceof JarLoader jar ? jar.share() : loader;
    }

    Options options() {
        return options;
    }

    /// The weights as they are now. They may be read between steps.
    public Weights weights() {
        return weights;
    }

    /// What a step takes, in order, without the number of the step.
    public Door[] inputs() {
        return train.callerInputs();
    }

    /// The losses and metrics that a step gives; the first is the loss.
    public Door[] outputs() {
        return train.outputs();
    }

    /// The names of the dims that the doors speak of.
    public String[] dims() {
        return train.code().dims();
    }

    /// What chance is a function of, with the number of the step.
    public long seed() {
        return seed;
    }

    /// Updates made so far.
    public int steps() {
        return steps;
    }

    /// One update of the weights from a batch.
    /// @return losses and metrics of the batch before the update
    /// @throws ShapeException when an input does not fit; nothing has been changed then
    /// @throws DivergedException when the loss is not finite
    public synchronized Tensor[] step(Tensor... inputs) {
        open();
        int number = Math.addExact(steps, 1);
        Tensor[] out;
        try {
            out = train.run(seed, number, train.withStep(number, inputs));
        } finally {
            weights.changed();
        }
        steps = number;
        Tensor loss = out.length == 0 ? null : out[0];
        if (loss != null && !loss.isInt() && !finite(loss)) {
            throw new DivergedException(model.name() + ": " + train.outputs()[0].name() + " is " + loss.floats()[0] + " at step " + number + "; try a smaller learning rate, or look for such numbers in the data");
        }
        return out;
    }

    private static boolean finite(Tensor loss) {
        for (float value : loss.floats()) {
            if (!Float.isFinite(value)) return false;
        }
        return true;
    }

    /// Losses and metrics of a batch with the weights as they are, without learning from it.
    public synchronized Tensor[] evaluate(Tensor... inputs) {
        open();
        if (evaluate == null) {
            evaluate = new Entry(model.name(), model.code("evaluate", loader), weights, team);
            evaluate.warm(options, false);
        }
        return evaluate.run(seed, steps, evaluate.withStep(steps, inputs));
    }

    /// For a typed class: an input that the caller gave as a bare array. An open first extent follows from the array's length.
    /// @throws ShapeException when the length does not fit
    protected final Tensor tensor(int input, float[] values) {
        return train.wrap(input, values);
    }

    /// As [#tensor(int, float\[\])], for indices, classes, tokens.
    protected final Tensor tensor(int input, int[] values) {
        return train.wrap(input, values);
    }

    /// The weights as they are between two steps.
    synchronized Weights copy() {
        return weights.copy();
    }

    /// A network that reads this trainer's weights as they change; not to be called during a step.
    public Network predictor() {
        return new Network(model, loader(), weights, options());
    }

    /// A network with a copy of the weights as they are now.
    public Network snapshot() {
        return new Network(model, loader(), copy(), options());
    }

    /// Writes everything that going on needs: weights, states of the optimizer, seed and number of steps.
    public synchronized void save(Path file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("network", model.name());
        metadata.put("seed", Long.toString(seed));
        metadata.put("steps", Integer.toString(steps));
        weights.tensors(true, metadata).write(file);
    }

    /// Goes on from a saved state. A file of weights alone (as in a jar) is taken too: the optimizer then begins anew.
    /// @throws WeightsException when the file does not fit; nothing has been changed then
    public final synchronized void load(Path file) {
        SafeTensors saved = weights.read(file, List.of());
        String savedSteps = saved.metadata().getOrDefault("steps", "0");
        String savedSeed = saved.metadata().getOrDefault("seed", Long.toString(seed));
        try {
            int stepsThen = Integer.parseInt(savedSteps);
            long seedThen = Long.parseLong(savedSeed);
            weights.take(saved);
            steps = stepsThen;
            seed = seedThen;
        } catch (NumberFormatException e) {
            throw new WeightsException(file + ": its metadata give no numbers: steps '" + savedSteps + "', seed '" + savedSeed + "'", e);
        }
    }

    private void open() {
        if (closed) throw new IllegalStateException("the trainer of " + model.name() + " is closed");
    }

    /// Lets go of threads and files; predictors and snapshots live on.
    @Override
    public synchronized void close() {
        if (closed) return;
        closed = true;
        team.close();
        train.close();
        if (evaluate != null) evaluate.close();
        if (loader instanceof JarLoader jar) jar.release();
    }
}
