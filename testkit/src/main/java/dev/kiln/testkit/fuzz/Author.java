package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import dev.kiln.testkit.fuzz.Sketch.Training;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Writes random programs, biased to where compilers go wrong: values used twice, an output that is also read, extents of 1, primes and lane counts, movements after movements, rows without steps.
public final class Author {
    private static final List<Integer> BATCH = List.of(1, 1, 2, 3, 5, 7, 16, 17);
    private static final List<Integer> TIME = List.of(1, 2, 3, 4, 5, 7, 8);
    private static final List<Integer> SIDE = List.of(1, 2, 3, 4, 5, 6, 7, 9, 12);
    private static final List<Integer> COLUMNS = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 18, 33);
    private static final List<Integer> CHANNELS = List.of(1, 2, 3, 4, 6, 8, 16, 17);
    private static final int LARGEST = 3000;
    private static final int ATTEMPTS = 12;

    private static final List<Move> MOVES = Stream.of(Formulas.MOVES, Indexed.MOVES, Movements.MOVES, Layers.MOVES, Images.MOVES, Sequences.MOVES, Loops.MOVES).flatMap(List::stream).toList();

    private final Random random;
    private final Map<String, Long> sizes = new LinkedHashMap<>();
    private final List<Door> doors = new ArrayList<>();
    private final List<Step> steps = new ArrayList<>();
    private final Map<String, Form> forms = new LinkedHashMap<>();

    private Author(long seed) {
        random = new Random(seed);
    }

    /// The program of a seed.
    /// @param longest how many statements it has at most
    public static Sketch write(long seed, int longest) {
        return new Author(seed).program(longest, seed);
    }

    private Sketch program(int longest, long seed) {
        size("N", BATCH);
        beginning();
        int wanted = 1 + random.nextInt(longest);
        for (int attempt = 0; steps.size() < wanted && attempt < ATTEMPTS * wanted; attempt++) step(recent(), one(MOVES));
        boolean trains = random.nextInt(4) > 0;
        if (trains && steps.stream().noneMatch(Step::owns)) step(recent(), (a, x, _) -> Optional.of(Formulas.weighted(a, x)));
        var last = steps.isEmpty() ? doors.getFirst().name() : steps.getLast().name();
        var outputs = Stream.concat(Stream.of(last), steps.stream().map(Step::name).filter(_ -> random.nextInt(5) == 0)).distinct().toList();
        var training = trains ? Optional.of(training(last)) : Optional.<Training>empty();
        if (random.nextInt(25) == 0 && forms.values().stream().allMatch(Author::standsWithoutRows)) sizes.put("N", 0L);
        return new Sketch(sizes, doors, steps, outputs, training, seed).pruned();
    }

    /// Whether a shape is one for no rows, too: N stands in it alone.
    private static boolean standsWithoutRows(Form form) {
        var n = Dim.variable("N");
        return form.shape().stream().allMatch(d -> d.equals(n) || !d.variables().contains("N"));
    }

    private void beginning() {
        switch (random.nextInt(7)) {
            case 0 -> door(Form.of(n(), columns()));
            case 1 -> door(Form.of(n(), size("T", TIME), columns()));
            case 2 -> door(new Form(List.of(n(), size("T", TIME), columns()), true));
            case 3 -> door(Form.of(n(), Dim.of(one(CHANNELS)), side("H"), side("W")));
            case 4 -> door(Form.of(n(), size("T", TIME), size("U", TIME), columns()));
            case 5 -> letters();
            default -> {
                door(Form.of(n(), columns()));
                door(Form.of(n(), side("K"), columns()));
            }
        }
    }

    /// Rows of ids, as texts are at the door.
    private void letters() {
        var places = new Form(List.of(n(), size("T", TIME)), chance());
        int pieces = number(1, 9);
        var columns = columns();
        String id = ids(places, pieces);
        var form = new Form(List.of(places.dim(0), places.dim(1), columns), places.ragged());
        owning(form, "$y = $0 |> Embedding(%d, %s)".formatted(pieces, columns), id).ifPresent(this::add);
    }

    private Dim side(String name) {
        return random.nextBoolean() ? size(name, SIDE) : Dim.of(one(SIDE));
    }

    private Dim size(String name, List<Integer> some) {
        sizes.putIfAbsent(name, (long) one(some));
        return Dim.variable(name);
    }

    private void step(String x, Move move) {
        move.from(this, x, forms.get(x)).filter(s -> s.form().rank() <= 5 && fits(s.form())).ifPresent(this::add);
    }

    private void add(Step step) {
        steps.add(step);
        forms.put(step.name(), step.form());
    }

    private boolean fits(Form form) {
        long elements = 1;
        for (Dim d : form.shape()) {
            long extent = value(d);
            if (extent < 1) return false;
            elements *= extent;
        }
        return elements <= LARGEST;
    }

    private Training training(String last) {
        var form = forms.get(last);
        String loss = switch (random.nextInt(5)) {
            case 0 -> "mean(%s^2)".formatted(last);
            case 1 -> "mse(%s, %s)".formatted(last, target(form).orElse("0.5 * " + last));
            case 2 -> form.hasColumns() && form.rank() == 2 && !form.ragged() ? "cross_entropy(%s, %s)".formatted(last, label(form)) : "mean(sin(%s))".formatted(last);
            case 3 -> "mean(sin(%s)) + 0.1 * mean(cos(%s))".formatted(last, recent());
            default -> "mean(sin(%s))".formatted(last);
        };
        return switch (random.nextInt(9)) {
            case 0 -> new Training(loss, of("SGD(lr: 0.5, mu: 0.9)", "SGD(lr: 0.5, mu: 0.9, nesterov: true, weight_decay: 0.1)", "RMSProp(lr: 0.01)", "Adagrad(lr: 0.1)", "AdamW(lr: 0.01)"), Optional.empty());
            case 1 -> new Training(loss, "SGD(lr: 0.1)\n  clip norm 0.1", Optional.empty());
            case 2 -> new Training(loss, "Adam(lr: 0.01)", Optional.empty());
            default -> new Training(loss, "Bare", Optional.of("/// The weight becomes its gradient.\noptimizer Bare()(w: f32[S..], g: f32[S..]) {\n  w' = g\n}"));
        };
    }

    private Optional<String> target(Form form) {
        if (!form.fitsDoor() || form.ragged()) return Optional.empty();
        doors.add(new Door("target", form, 0, true));
        return Optional.of("target");
    }

    private String label(Form form) {
        doors.add(new Door("label", form.without(1), form.last().toInt(), true));
        return "label";
    }

    /// A new input.
    String door(Form form) {
        String name = "x" + doors.size();
        doors.add(new Door(name, form, 0, false));
        forms.put(name, form);
        return name;
    }

    /// A new input of ids below a bound.
    String ids(Form form, int bound) {
        String name = "id" + doors.size();
        doors.add(new Door(name, form, bound, false));
        return name;
    }

    Optional<Step> step(Form form, String code, String... reads) {
        return Optional.of(new Step("v" + steps.size(), form, code, List.of(reads), Optional.empty(), false));
    }

    Optional<Step> owning(Form form, String code, String... reads) {
        return Optional.of(new Step("v" + steps.size(), form, code, List.of(reads), Optional.empty(), true));
    }

    Optional<Step> declaring(String declaration, boolean owns, Form form, String code, String... reads) {
        return Optional.of(new Step("v" + steps.size(), form, code, List.of(reads), Optional.of(declaration), owns));
    }

    Form form(String name) {
        return forms.get(name);
    }

    /// A value that so far exists and holds what is asked; late ones are likelier.
    Optional<String> other(Predicate<Form> wanted) {
        var some = forms.keySet().stream().filter(v -> wanted.test(forms.get(v))).toList();
        return some.isEmpty() ? Optional.empty() : Optional.of(some.get((int) (some.size() * Math.sqrt(random.nextDouble()))));
    }

    private String recent() {
        var names = List.copyOf(forms.keySet());
        int back = (int) (names.size() * Math.pow(random.nextDouble(), 3));
        return names.get(names.size() - 1 - Math.min(back, names.size() - 1));
    }

    private Dim n() {
        return Dim.variable("N");
    }

    Dim columns() {
        return Dim.of(one(COLUMNS));
    }

    long value(Dim dim) {
        return dim.evaluate(sizes::get);
    }

    <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    @SafeVarargs
    final <T> T of(T... some) {
        return some[random.nextInt(some.length)];
    }

    int number(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    boolean chance() {
        return random.nextBoolean();
    }

    /// `i, j, k`: an index for each axis.
    static List<String> indices(int rank) {
        return Stream.of("i", "j", "k", "l", "m").limit(rank).collect(Collectors.toCollection(ArrayList::new));
    }

    static String listed(List<String> indices) {
        return indices.isEmpty() ? "" : "[" + String.join(", ", indices) + "]";
    }

    /// Axes of a form in random order.
    List<Integer> order(int rank) {
        var order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        java.util.Collections.shuffle(order, random);
        return order;
    }
}
