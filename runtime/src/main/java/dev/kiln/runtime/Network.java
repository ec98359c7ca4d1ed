package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/// A compiled network that predicts. Its weights do not change and any number of threads may use it at once; the bits of a result depend on nothing but the inputs.
/// A jar's typed class (`Digits`) extends it; [#open] uses any jar without its class.
public class Network implements AutoCloseable {
    private static final String PREDICT = "predict";

    private final Model model;
    private final ClassLoader loader;
    /// Null where calls need only a part of them: then they are read again from the jar for whoever asks.
    private volatile Weights weights;
    private final Weights.Change change;
    private final Options options;
    private final Team team;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();
    private final CompletableFuture<Width> ready;
    private volatile boolean closed;

    /// For a typed class: its weights come from its jar, or from the file that the options name.
    protected Network(Options options) {
        this(null, null, options, Optional.empty());
    }

    /// For a typed class: its weights come from a stream, which is read to its end and left open.
    /// @throws WeightsException when the stream breaks off, is damaged or holds other tensors than this network's
    protected Network(InputStream weights, Options options) {
        this(null, null, options, Optional.of(weights));
    }

    /// For a typed class: predicts with the weights of a trainer, or with a copy of them as they are now. The trainer's own change with each of its steps; between steps
    /// they may be read.
    protected Network(Trainer trainer, boolean copy) {
        this(trainer.model(), trainer.loader(), copy ? trainer.copy() : trainer.weights(), copy ? Weights.Change.NEVER : Weights.Change.BETWEEN_CALLS, trainer.options());
    }

    /// Without a name it is the typed class itself.
    private Network(String className, ClassLoader loader, Options options, Optional<InputStream> stream) {
        this.loader = className != null ? loader : getClass().getClassLoader();
        model = Model.load(className != null ? className : getClass().getName(), this.loader);
        this.options = options;
        change = Weights.Change.NEVER;
        weights = stream.isPresent() ? read("weights from a stream", stream.get()) : loadWeights();
        team = new Team(options.threads());
        boolean again = stream.isEmpty() && options.weights().isEmpty();
        ready = model.entries().containsKey(PREDICT) ? predicts(again).ready() : CompletableFuture.completedFuture(Width.W1);
    }

    /// The entry that predicts, without the weights that its calls do not read, if these can be read again.
    private Entry predicts(boolean again) {
        var entry = prepared(PREDICT);
        if (again && entry.shed()) weights = null;
        entry.warm(options, change);
        entries.put(PREDICT, entry);
        return entry;
    }

    Network(Model model, ClassLoader loader, Weights weights, Weights.Change change, Options options) {
        this.model = model;
        this.loader = loader;
        this.weights = weights;
        this.change = change;
        this.options = options;
        team = new Team(options.threads());
        ready = model.entries().containsKey(PREDICT) ? entry(PREDICT).ready() : CompletableFuture.completedFuture(Width.W1);
    }

    private Weights loadWeights() {
        if (options.weights().isPresent()) return Weights.read(options.weights().get(), model.weights(), model.optimizerStates()).weights();
        String resource = Model.weightsResource(model.className());
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) throw new WeightsException(resource + " is missing beside class " + model.className());
            return read(resource, in);
        } catch (IOException e) {
            throw new WeightsException(resource + ": cannot be closed: " + e, e);
        }
    }

    private Weights read(String where, InputStream in) {
        try {
            return Weights.read(where, in, model.weights(), model.optimizerStates()).weights();
        } catch (IOException e) {
            throw new WeightsException(where + ": cannot be read: " + e, e);
        }
    }

    private Entry make(String name) {
        var entry = prepared(name);
        entry.warm(options, change);
        return entry;
    }

    private Entry prepared(String name) {
        var entry = new Entry(model.name(), model.code(name, loader), wholeWeights(), team);
        entry.prepare();
        return entry;
    }

    /// Opens the network of a jar that [kiln compile] wrote, or of a folder of classes.
    /// @throws IllegalArgumentException when there is none
    public static Network open(Path jar) {
        return open(jar, Options.defaults());
    }

    /// Opens the network of a jar.
    /// @throws IllegalArgumentException when there is none
    public static Network open(Path jar, Options options) {
        JarLoader loader = JarLoader.open(jar);
        try {
            return new Network(loader.className(), loader, options, Optional.empty());
        } catch (RuntimeException e) {
            loader.release();
            throw e;
        }
    }

    /// The network of a class that some loader knows, without that class itself.
    static Network named(String className, ClassLoader loader, Options options) {
        return new Network(className, loader, options, Optional.empty());
    }

    /// The network of a class loader that has its classes and resources, with these weights.
    /// @param className the typed class, as [Model#className] gives it
    public static Network of(String className, ClassLoader loader, Weights weights, Options options) {
        return new Network(Model.load(className, loader), loader, weights, Weights.Change.BETWEEN_CALLS, options);
    }

    /// What the jar says about the network.
    public Model model() {
        return model;
    }

    /// The inputs of an entry, in the order of its arguments.
    public Door[] inputs(String entry) {
        return entry(entry).doors().callerInputs();
    }

    /// The outputs of an entry, in the order of its results.
    public Door[] outputs(String entry) {
        return entry(entry).doors().outputs();
    }

    /// The names of the dims that the doors of an entry speak of.
    public String[] dims(String entry) {
        return entry(entry).code().dims();
    }

    /// The weights, not to be changed. A network of a jar whose calls read only a part of them keeps that part: it reads them again from the jar, which must not have changed, each time they are asked for.
    /// @throws WeightsException when they cannot be read again, the network being closed
    public Weights weights() {
        return wholeWeights();
    }

    private Weights wholeWeights() {
        Weights kept = weights;
        return kept != null ? kept : loadWeights();
    }

    /// The width that serves when warm.
    public Width width() {
        return options.width().orElseGet(Width::preferred);
    }

    /// Done when vector kernels have taken over from scalar ones, with the width that serves; exceptionally when they could not be warmed.
    public CompletableFuture<Width> ready() {
        return ready.copy();
    }

    /// Computes the outputs for inputs in the order of the network's signature.
    /// @throws ShapeException when an input does not fit its door
    public Tensor[] predict(Tensor... inputs) {
        return entry(PREDICT).run(0, 0, inputs);
    }

    /// As [#predict], into tensors of the right shapes. Allocates nothing once these dims have been seen.
    /// @throws ShapeException when an input or output does not fit its door
    public void predictInto(Tensor[] inputs, Tensor[] outputs) {
        entry(PREDICT).runInto(0, 0, inputs, outputs);
    }

    /// As [#predict] with chance drawn as in training (Monte Carlo dropout); equal seeds give equal results.
    public Tensor[] sample(long seed, Tensor... inputs) {
        return entry("sample").run(seed, 0, inputs);
    }

    /// The losses and metrics of the `train` block for a labelled batch, without learning from it.
    public Tensor[] evaluate(Tensor... inputs) {
        Entry evaluate = entry("evaluate");
        return evaluate.run(0, 0, evaluate.doors().batch(0, inputs));
    }

    /// For a typed class: an input that the caller gave as a bare array. An open first extent follows from the array's length.
    /// @throws ShapeException when the length does not fit
    protected final Tensor tensor(String entry, int input, float[] values) {
        return entry(entry).doors().wrap(input, values);
    }

    /// As [#tensor(String, int, float\[\])], for indices, classes, tokens.
    protected final Tensor tensor(String entry, int input, int[] values) {
        return entry(entry).doors().wrap(input, values);
    }

    /// For a typed class: an input that the text calls `text`, as the numbers of its vocabulary.
    /// @throws IllegalArgumentException when a piece is unknown to a vocabulary of a running text
    protected final Tensor encoded(String input, String... texts) {
        return model.text(input).orElseThrow().encodeAll(texts);
    }

    /// For a typed class: an output that `decode` makes a text of.
    protected final String[] decoded(String output, Tensor numbers) {
        return model.text(output).orElseThrow().decodeAll(numbers);
    }

    /// The steps that a call of an entry runs, in order, for these sizes of its [#dims].
    public List<StepWork> steps(String entry, int... dims) {
        return entry(entry).steps(StepFacts.load(model.className(), entry, loader), dims);
    }

    /// The steps, by their places in [#steps], whose vector kernels still made boxes when the entry's warm-up ended: the JVM's compiler was behind or has given them up, and they
    /// run many times slower than they could. None while it goes on. Java Flight Recorder has it as event `dev.kiln.Cold`.
    public List<Integer> cold(String entry) {
        return entry(entry).cold();
    }

    /// From now on tells of every step of an entry's calls; null ends it. To be used by one caller at a time.
    public void listen(String entry, StepListener listener) {
        entry(entry).runner().listener(listener);
    }

    private Entry entry(String name) {
        if (closed) throw new IllegalStateException("network " + model.name() + " is closed");
        Entry entry = entries.get(name);
        return entry != null ? entry : entries.computeIfAbsent(name, this::make);
    }

    /// Lets go of threads and files. Calls that run go on, new ones are refused.
    @Override
    public void close() {
        closed = true;
        team.close();
        entries.values().forEach(Entry::close);
        if (loader instanceof JarLoader jar) jar.release();
    }
}
