package dev.kiln.cli.report;

import dev.kiln.cli.summary.Amounts;
import dev.kiln.cli.summary.Table;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Apart;
import dev.kiln.compiler.group.Boundary;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What runs together and what does not, by the lines of the text.
public final class FusionText {
    /// A line of the text; those of the file itself come first, what nobody wrote last.
    private record Line(boolean own, String file, int number) {
        private static final Comparator<Line> ORDER = Comparator.comparing((Line line) -> !line.own).thenComparing(Line::file).thenComparingInt(Line::number);
        private static final Line NOBODY = new Line(false, "\uffff", 0);

        boolean isKnown() {
            return number > 0;
        }
    }

    /// A kernel, at the line of what it writes.
    private record Kernel(Groups home, Group group) {}

    private final Measured measured;
    private final Entry written;
    private final SourceFile source;
    private final IdentityHashMap<Group, List<Work>> steps = new IdentityHashMap<>();
    private final Map<Line, List<Kernel>> kernels = new TreeMap<>(Line.ORDER);
    private final Map<Line, Map<Line, List<Value>>> elsewhere = new HashMap<>();
    private final Set<Apart> apart = EnumSet.noneOf(Apart.class);
    private final Table table = new Table(2);

    private FusionText(Measured measured, Entry written, SourceFile source) {
        this.measured = measured;
        this.written = written;
        this.source = source;
    }

    /// The report of an entry.
    /// @param written the entry as the text says it, before anything was made simpler
    public static String of(Measured measured, Entry written, SourceFile source) {
        return new FusionText(measured, written, source).text();
    }

    private String text() {
        for (Work work : measured.works()) work.step().group().ifPresent(group -> steps.computeIfAbsent(group, _ -> new ArrayList<>()).add(work));
        collect(measured.plan().steps().groups());
        for (Value v : written.live()) {
            if (!(v.op() instanceof Op.Source)) written.graph().origin(v).ifPresent(o -> kernels.computeIfAbsent(line(Optional.of(o)), _ -> new ArrayList<>()));
        }
        table.row("line and kernel", "what it computes", "operations", "share", "bytes", "share");
        table.rule();
        kernels.forEach(this::block);
        doors();
        table.rule();
        table.row("in all", "", Amounts.operations(measured.operations()), "", Amounts.bytes(measured.bytes()), "");
        return table + "\n" + forms() + rules();
    }

    private void collect(Groups groups) {
        Graph graph = groups.entry().graph();
        for (Group group : groups.groups()) {
            Line home = line(graph.origin(main(group)));
            kernels.computeIfAbsent(home, _ -> new ArrayList<>()).add(new Kernel(groups, group));
            for (Value member : group.members()) {
                Line line = line(graph.origin(member));
                if (line.isKnown() && !line.equals(home)) elsewhere.computeIfAbsent(line, _ -> new TreeMap<>(Line.ORDER)).computeIfAbsent(home, _ -> new ArrayList<>()).add(member);
            }
            if (group instanceof Group.Looped loop) collect(loop.body());
        }
    }

    private static Value main(Group group) {
        return switch (group) {
            case Group.Tiled t -> t.anchor();
            case Group.Transformed t -> t.anchor();
            case Group.Looped l -> l.loop().loop();
            default -> group.writes().isEmpty() ? group.members().getLast() : group.writes().getFirst();
        };
    }

    private Line line(Optional<Origin> origin) {
        return origin.map(o -> new Line(o.file().equals(source.name()), o.file(), o.line())).orElse(Line.NOBODY);
    }

    private void block(Line line, List<Kernel> here) {
        String text = line.own() && line.number() <= source.lines() ? "  " + source.lineText(line.number()).strip() : "";
        table.text(line.isKnown() ? Places.of(Optional.of(new Origin(line.file(), line.number(), ""))) + text : "what no line stands for");
        here.forEach(this::kernel);
        Map<Line, List<Value>> others = elsewhere.getOrDefault(line, Map.of());
        others.forEach((home, members) -> table.text("    runs in a kernel of " + (home.isKnown() ? name(home, line) : "no line") + ": " + Words.list(members)));
        if (here.isEmpty() && others.isEmpty()) table.text("    nothing is left of it to compute: it was simplified away, or stands in the weights or in how others read");
        table.text("");
    }

    private static String name(Line line, Line from) {
        return line.file().equals(from.file()) ? "line " + line.number() : Places.of(Optional.of(new Origin(line.file(), line.number(), "")));
    }

    private void kernel(Kernel kernel) {
        List<Work> works = steps.getOrDefault(kernel.group(), List.of());
        double operations = works.stream().mapToDouble(Work::operations).sum();
        double bytes = works.stream().mapToDouble(Work::bytes).sum();
        String form = works.stream().filter(work -> work.form() != Form.MOVE).findFirst().or(() -> works.stream().findFirst()).map(work -> work.form().toString()).orElse(kernel.group() instanceof Group.Looped ? "loop" : "lines");
        boolean once = !works.isEmpty() && works.stream().allMatch(work -> work.number() < measured.plan().steps().prepare());
        table.row("    " + form, Words.of(kernel.group()) + (once ? "  (when the weights change)" : ""), operations == 0 ? "" : Amounts.operations(operations), operations == 0 ? "" : Amounts.percent(operations / measured.operations()),
                works.isEmpty() ? "" : Amounts.bytes(bytes), works.isEmpty() ? "" : Amounts.percent(bytes / measured.bytes()));
        boundaries(kernel).forEach(text -> table.text("      " + text));
    }

    /// What this kernel writes for others that might have been in it, and why they are not.
    private Set<String> boundaries(Kernel kernel) {
        Set<Value> members = new HashSet<>(kernel.group().members());
        Graph graph = kernel.home().entry().graph();
        Map<String, Set<String>> readers = new LinkedHashMap<>();
        Line here = line(graph.origin(main(kernel.group())));
        for (Boundary boundary : kernel.home().boundaries()) {
            if (!members.contains(boundary.from())) continue;
            String size = Amounts.bytes(4.0 * measured.sizes().of(boundary.from().type().size()));
            Line there = line(graph.origin(boundary.reader()));
            String where = there.equals(here) || !there.isKnown() ? "" : " (" + name(there, here) + ")";
            apart.add(boundary.rule());
            readers.computeIfAbsent("%s, through memory (%s) to ".formatted(word(boundary.rule()), size), _ -> new LinkedHashSet<>()).add(Words.of(boundary.reader()) + where);
        }
        return readers.entrySet().stream().map(e -> "apart by " + e.getKey() + String.join(", ", e.getValue())).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private void doors() {
        List<Work> without = measured.works().stream().filter(work -> work.step().group().isEmpty()).toList();
        if (without.isEmpty()) return;
        double bytes = without.stream().mapToDouble(Work::bytes).sum();
        table.row("the caller's arrays", "brought in and out", "", "", Amounts.bytes(bytes), Amounts.percent(bytes / measured.bytes()));
    }

    private static String word(Apart rule) {
        return rule.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// What the words behind `apart by` mean.
    private String rules() {
        if (apart.isEmpty()) return "";
        Table rules = new Table(2);
        apart.forEach(rule -> rules.row(word(rule), rule.words()));
        return "\nWhat keeps kernels apart:\n" + rules;
    }

    private String forms() {
        Table shares = new Table();
        shares.row("kernel", "steps", "operations", "share", "bytes", "share");
        shares.rule();
        Map<Form, List<Work>> byForm = measured.works().stream().collect(Collectors.groupingBy(Work::form, TreeMap::new, Collectors.toList()));
        byForm.forEach((form, works) -> {
            double operations = works.stream().mapToDouble(Work::operations).sum();
            double bytes = works.stream().mapToDouble(Work::bytes).sum();
            shares.row(form.toString(), Integer.toString(works.size()), operations == 0 ? "" : Amounts.operations(operations), operations == 0 ? "" : Amounts.percent(operations / measured.operations()), Amounts.bytes(bytes), Amounts.percent(bytes / measured.bytes()));
        });
        return shares.toString();
    }
}
