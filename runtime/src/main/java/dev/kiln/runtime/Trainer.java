package dev.kiln.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Trains a network. It owns weights that change with each step; one thread at a time. The same seed and the same batches give the same bits on any machine, for any
/// number of threads.
///
/// The scalar input `step` of the entries `train` and `evaluate`, if they have one, is the number of the update, counted from 1; callers do not pass it. The first output of
/// `train` is the loss. A network whose text says `accumulate` has an entry of that name, which keeps gradients for the next step.
public class Trainer implements AutoCloseable {
    private final Model model;
    private final ClassLoader loader;
    private final Options options;
    private final Weights weights;
    private final Team team;
    private final Entry train;
    private Entry evaluate;
    private Entry accumulate;
    private Weights averaged;
    private long averagedVersion = -1;
    private long seed;
    private int steps;
    private int passes;
    private int waiting;
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
        train.warm(options, Weights.Change.IN_CALLS);
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
        return train.doors().callerInputs();
    }

    /// The losses and metrics that a step gives; the first is the loss.
    public Door[] outputs() {
        return train.doors().outputs();
    }

    /// The names of the dims that the doors speak of.
    public String[] dims() {
        return train.code().dims();
    }

    /// The steps of the graph that a training step runs, in order, for these sizes of its [#dims].
    public List<StepWork> work(int... dims) {
        return train.steps(StepFacts.load(model.className(), "train", loader), dims);
    }

    /// From now on tells of every step of the graph that training steps run; null ends it.
    public void listen(StepListener listener) {
        train.runner().listener(listener);
    }

    /// What chance is a function of, with the number of the step.
    public long seed() {
        return seed;
    }

    /// Updates made so far.
    public int steps() {
        return steps;
    }

    /// Batches that have been accumulated and wait for the next step.
    public int waiting() {
        return waiting;
    }

    /// Keeps the gradient of a batch for the next step, which follows the mean of all. For networks whose text says `accumulate`.
    /// @return losses and metrics of the batch
    /// @throws IllegalStateException when the text does not say so
    public synchronized Tensor[] accumulate(Tensor... inputs) {
        open();
        if (accumulate == null) {
            if (!model.entries().containsKey("accumulate")) throw new IllegalStateException(model.name() + " was not compiled to accumulate gradients; say `accumulate 2` or more in its train block");
            accumulate = new Entry(model.name(), model.code("accumulate", loader), weights, team);
            accumulate.warm(options, Weights.Change.BETWEEN_CALLS);
        }
        Tensor[] out = pass(accumulate, steps + 1, inputs);
        waiting++;
        return finite(out, steps + 1);
    }

    /// One update of the weights from a batch, and from those accumulated before it.
    /// @return losses and metrics of the batch before the update
    /// @throws ShapeException when an input does not fit; nothing has been changed then
    /// @throws DivergedException when the loss is not finite
    public synchronized Tensor[] step(Tensor... inputs) {
        open();
        int number = Math.addExact(steps, 1);
        Tensor[] out = pass(train, number, inputs);
        steps = number;
        waiting = 0;
        return finite(out, number);
    }

    /// Chance is a function of the number of passes, which is that of the steps where nothing is accumulated.
    private Tensor[] pass(Entry entry, int number, Tensor... inputs) {
        int pass = Math.addExact(passes, 1);
        Tensor[] out;
        try {
            out = entry.run(seed, pass, entry.doors().batch(number, inputs));
        } finally {
            weights.changed();
        }
        passes = pass;
        return out;
    }

    private Tensor[] finite(Tensor[] out, int number) {
        Tensor loss = out.length == 0 ? null : out[0];
        if (loss != null && !loss.isInt() && !finite(loss)) {
            throw new DivergedException(model.name() + ": " + train.doors().outputs()[0].name() + " is " + loss.floats()[0] + " at step " + number + "; try a smaller learning rate, or look for such numbers in the data");
        }
        return out;
    }

    private static boolean finite(Tensor loss) {
        for (float value : loss.floats()) {
            if (!Float.isFinite(value)) return false;
        }
        return true;
    }

    /// Losses and metrics of a batch with the weights as they are (their running averages where the text says `average`), without learning from it.
    public synchronized Tensor[] evaluate(Tensor... inputs) {
        open();
        if (evaluate == null) {
            averaged = weights.averages() ? weights.copy() : weights;
            evaluate = new Entry(model.name(), model.code("evaluate", loader), averaged, team);
            evaluate.warm(options, Weights.Change.BETWEEN_CALLS);
        }
        if (averaged != weights && averagedVersion != weights.version()) {
            averagedVersion = weights.version();
            follow(averaged);
        }
        return evaluate.run(seed, steps, evaluate.doors().batch(steps, inputs));
    }

    /// For a typed class: an input that the caller gave as a bare array. An open first extent follows from the array's length.
    /// @throws ShapeException when the length does not fit
    protected final Tensor tensor(int input, float[] values) {
        return train.doors().wrap(input, values);
    }

    /// As [#tensor(int, float\[\])], for indices, classes, tokens.
    protected final Tensor tensor(int input, int[] values) {
        return train.doors().wrap(input, values);
    }

    /// For a typed class: an input that the text calls `text`, as the numbers of its vocabulary.
    /// @throws IllegalArgumentException when a piece is unknown to a vocabulary of a running text
    protected final Tensor encoded(String input, String... texts) {
        return model.text(input).orElseThrow().encodeAll(texts);
    }

    /// A copy of what the training has come to: the weights, or their running averages where the text says `average`.
    public synchronized Weights copy() {
        Weights copy = weights.copy();
        if (weights.averages()) follow(copy);
        return copy;
    }

    /// Before the first step there are no averages yet.
    private void follow(Weights copy) {
        if (steps > 0) copy.follow(weights);
    }

    /// A network that reads this trainer's weights as they change; not to be called during a step.
    public Network predictor() {
        return new Network(model, loader(), weights, Weights.Change.BETWEEN_CALLS, options());
    }

    /// A network with a copy of the weights as they are now.
    public Network snapshot() {
        return new Network(model, loader(), copy(), Weights.Change.NEVER, options());
    }

    /// Writes everything that going on needs: weights, states of the optimizer, seed and number of steps.
    public synchronized void save(Path file) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("network", model.name());
        metadata.put("seed", Long.toString(seed));
        metadata.put("steps", Integer.toString(steps));
        metadata.put("passes", Integer.toString(passes));
        metadata.put("waiting", Integer.toString(waiting));
        weights.tensors(true, metadata).write(file);
    }

    /// Goes on from a saved state. A file of weights alone (as in a jar) is taken too: the optimizer then begins anew.
    /// @throws WeightsException when the file does not fit; nothing has been changed then
    public final synchronized void load(Path file) {
        Weights.Loaded saved = Weights.read(file, weights.parameters(), List.of());
        long stepsThen = number(file, saved.metadata(), "steps", 0);
        long passesThen = number(file, saved.metadata(), "passes", stepsThen);
        long waitingThen = number(file, saved.metadata(), "waiting", 0);
        long seedThen = number(file, saved.metadata(), "seed", seed);
        weights.take(saved.weights());
        steps = Math.toIntExact(stepsThen);
        passes = Math.toIntExact(passesThen);
        waiting = Math.toIntExact(waitingThen);
        seed = seedThen;
    }

    private static long number(Path file, Map<String, String> metadata, String name, long otherwise) {
        String text = metadata.get(name);
        if (text == null) return otherwise;
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new WeightsException(file + ": its metadata give no number for " + name + ": '" + text + "'", e);
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
        if (accumulate != null) accumulate.close();
        if (loader instanceof JarLoader jar) jar.release();
    }
}
