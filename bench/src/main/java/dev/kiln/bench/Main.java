package dev.kiln.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// `bench/run`: measures the items that match and ends with one line for each that a script can read.
public final class Main {
    private Main() {}

    /// Measures and exits: 0, 1 when an item failed, 2 when the command line is wrong.
    /// @param arguments the folder of the clone, then what stands behind `bench/run`
    public static void main(String[] arguments) {
        try {
            Settings settings = Settings.of(Path.of(arguments[0]), Arrays.asList(arguments).subList(1, arguments.length));
            System.exit(run(settings));
        } catch (IllegalArgumentException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(2);
        }
    }

    private static int run(Settings settings) {
        List<Item> items = Items.ALL.stream().filter(i -> settings.items().matcher(i.name()).matches()).toList();
        if (items.isEmpty()) throw new IllegalArgumentException("no item matches '" + settings.items() + "'; there are " + Items.ALL.stream().map(Item::name).toList());
        System.out.println(Processor.here().name() + ", Java " + Runtime.version() + ", " + settings.rounds() + " rounds");
        System.out.println(Table.HEADER);
        List<Outcome> outcomes = new ArrayList<>();
        int failed = 0;
        for (Item item : items) {
            try {
                Outcome outcome = item.measure(settings);
                outcome.rows().forEach(r -> System.out.println(Table.line(r)));
                outcomes.add(outcome);
            } catch (BenchException e) {
                System.err.println("error: " + item.name() + ": " + e.getMessage());
                failed++;
            }
        }
        outcomes.forEach(o -> o.notes().forEach(System.out::println));
        if (settings.report()) System.out.println("written: " + Report.write(settings, outcomes));
        outcomes.forEach(o -> o.verdicts().forEach(System.out::println));
        return failed > 0 ? 1 : 0;
    }
}
