package dev.kiln.testkit.fuzz;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// A random program as a list of statements, which can be printed and made smaller.
/// @param sizes what the symbolic dims are in the run
/// @param seed  of what is fed to it
public record Sketch(Map<String, Long> sizes, List<Door> doors, List<Step> steps, List<String> outputs, Optional<Training> training, long seed) {
    public Sketch {
        sizes = Map.copyOf(sizes);
        doors = List.copyOf(doors);
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
    }

    /// How a random program learns.
    /// @param loss statements of `train` without its inputs
    record Training(String loss, String optimizer, Optional<String> declaration) {}

    /// The program as `.nn`.
    public String text() {
        var text = new StringBuilder();
        steps.forEach(s -> s.declared().ifPresent(d -> text.append(d).append("\n\n")));
        text.append("network Net {\n");
        for (Door d : doors) if (!d.training()) text.append("  ").append(d.declaration()).append('\n');
        for (Step s : steps) s.statement().lines().forEach(line -> text.append("  ").append(line).append('\n'));
        for (String o : outputs) text.append("  out ").append(o).append('\n');
        text.append("}\n");
        training.ifPresent(t -> {
            text.append("\ntrain Net {\n");
            for (Door d : doors) if (d.training()) text.append("  ").append(d.declaration()).append('\n');
            text.append("  loss ").append(t.loss()).append("\n  optimizer ").append(t.optimizer()).append("\n}\n");
            t.declaration().ifPresent(d -> text.append('\n').append(d).append('\n'));
        });
        return text.toString();
    }

    /// The program with what is fed to it.
    public Case asCase() {
        var bounds = new TreeMap<String, Integer>();
        for (Door d : doors) {
            if (d.bound() > 0) bounds.put(d.name(), d.bound());
            if (d.form().ragged()) bounds.put(Form.LENGTHS, Math.toIntExact(d.form().dim(1).evaluate(sizes::get)) + 1);
        }
        return new Case(text(), sizes, bounds, seed);
    }

    /// How large it is: what shrinking makes smaller.
    long weight() {
        return 1000L * steps.size() + 100L * outputs.size() + (training.isPresent() ? 500 : 0) + 10L * doors.size() + sizes.values().stream().mapToLong(Long::longValue).sum();
    }

    /// Simpler programs, each one change away, those that take most away first. They need not be right.
    Stream<Sketch> simpler() {
        var all = new ArrayList<Sketch>();
        if (training.isPresent()) all.add(new Sketch(sizes, doors, steps, outputs, Optional.empty(), seed));
        for (String o : outputs) {
            all.add(new Sketch(sizes, doors, steps, List.of(o), training, seed));
            all.add(new Sketch(sizes, doors, steps, outputs.stream().filter(other -> !other.equals(o)).toList(), training, seed));
        }
        for (Step s : steps.reversed()) {
            forms().forEach((name, form) -> {
                if (form.equals(s.form()) && !name.equals(s.name())) all.add(without(s, name));
            });
            for (String read : s.reads()) all.add(new Sketch(sizes, doors, steps, Stream.concat(outputs.stream(), Stream.of(read)).distinct().toList(), training.map(t -> new Training("mean(sin(" + read + "))", t.optimizer(), t.declaration())), seed).without(s, read));
            if (s.form().fitsDoor()) all.add(asDoor(s));
        }
        sizes.forEach((name, size) -> {
            for (long smaller : new long[] {1, 2, size - 1}) if (smaller > 0 && smaller < size) all.add(sized(name, smaller));
        });
        return all.stream().map(Sketch::pruned).filter(s -> s.weight() < weight() && !s.outputs.isEmpty()).distinct().sorted(Comparator.comparingLong(Sketch::weight));
    }

    private Map<String, Form> forms() {
        var forms = new TreeMap<String, Form>();
        for (Door d : doors) if (d.bound() == 0 && !d.training()) forms.put(d.name(), d.form());
        for (Step s : steps) forms.put(s.name(), s.form());
        return forms;
    }

    private Sketch sized(String name, long size) {
        var changed = new TreeMap<>(sizes);
        changed.put(name, size);
        return new Sketch(changed, doors, steps, outputs, training, seed);
    }

    /// Without a statement; another value stands for what it named. If that comes later, the program is wrong and will be refused.
    private Sketch without(Step gone, String instead) {
        return new Sketch(sizes, doors, steps.stream().filter(s -> !s.name().equals(gone.name())).map(s -> s.reading(gone.name(), instead)).toList(),
                outputs.stream().map(o -> o.equals(gone.name()) ? instead : o).distinct().toList(), training.map(t -> new Training(t.loss().replaceAll("\\b" + gone.name() + "\\b", instead), t.optimizer(), t.declaration())), seed);
    }

    /// What a statement computed comes from outside.
    private Sketch asDoor(Step gone) {
        var more = new ArrayList<>(doors);
        more.add(new Door("from_" + gone.name(), gone.form(), 0, false));
        return new Sketch(sizes, more, steps, outputs, training, seed).without(gone, "from_" + gone.name());
    }

    /// Without what no output needs.
    Sketch pruned() {
        var needed = new HashSet<>(outputs);
        training.ifPresent(t -> needed.addAll(List.of(t.loss().split("\\W+"))));
        var kept = new ArrayList<Step>();
        for (Step s : steps.reversed())
            if (needed.contains(s.name())) {
                kept.addFirst(s);
                needed.addAll(s.reads());
            }
        var dims = new HashSet<String>();
        var open = new ArrayList<Door>();
        for (Door d : doors) if (needed.contains(d.name())) open.add(d);
        open.forEach(d -> d.form().shape().forEach(dim -> dims.addAll(dim.variables())));
        var left = new TreeMap<>(sizes);
        left.keySet().retainAll(dims);
        return new Sketch(left, open, kept, outputs, training, seed);
    }
}
