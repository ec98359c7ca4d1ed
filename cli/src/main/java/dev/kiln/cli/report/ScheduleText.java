package dev.kiln.cli.report;

import dev.kiln.cli.summary.Amounts;
import dev.kiln.cli.summary.Table;
import dev.kiln.compiler.emit.Block;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.schedule.Region;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The steps of an entry in order: form, tiles, tasks, work, and what moves for it.
public final class ScheduleText {
    private final Measured measured;
    private final Map<String, KernelKey> tiles = new LinkedHashMap<>();

    private ScheduleText(Measured measured) {
        this.measured = measured;
    }

    public static String of(Measured measured) {
        return new ScheduleText(measured).text();
    }

    private String text() {
        Table table = new Table(4);
        table.row("step", "line", "kernel", "tiles", "tasks", "operations", "bytes", "op/byte");
        table.rule();
        int prepare = measured.plan().steps().prepare();
        if (prepare > 0) table.text("when the weights have changed");
        for (Work work : measured.works()) {
            if (work.number() == prepare && prepare > 0) table.text("in every call");
            for (Region region : measured.plan().steps().regions()) {
                if (region.first() == work.number()) table.text("  ".repeat(region.depth()) + "loop, " + measured.sizes().of(region.count()) + " times, to step " + (region.end() - 1) + Places.note(region.origin()));
            }
            if (measured.isChained()) measured.plan().steps().chain().flatMap(chain -> chain.range(work.number())).filter(range -> range.first() == work.number()).ifPresent(range -> table.text("chain, " + measured.plan().block() + " rows at a time, to step " + (range.end() - 1)));
            row(table, work);
        }
        table.rule();
        table.row("in all", "", "", "", "", Amounts.operations(measured.operations()), Amounts.bytes(measured.bytes()), intensity(measured.operations() / measured.bytes()));
        return table + registers() + forms();
    }

    private void row(Table table, Work work) {
        Set<String> sizes = new LinkedHashSet<>();
        for (KernelKey key : Chosen.keys(work.step(), measured.sizes())) size(key).ifPresent(size -> {
            sizes.add(size);
            tiles.putIfAbsent(size, key);
        });
        long depth = measured.plan().steps().regions().stream().filter(region -> region.contains(work.number())).count();
        table.row("  ".repeat((int) depth) + work.number() + " " + Words.of(work.step()), Places.of(work.step().origin()), work.form().toString(), String.join(" ", sizes), Long.toString(measured.sizes().of(work.step().tasks())),
                work.operations() == 0 ? "" : Amounts.operations(work.operations()), Amounts.bytes(work.bytes()), work.operations() == 0 ? "" : intensity(work.intensity()));
    }

    private static Optional<String> size(KernelKey key) {
        return switch (key) {
            case TileKey tile -> Optional.of(tile.rows() + "x" + tile.columns());
            case ChannelKey channel -> Optional.of(channel.rows() + "x" + channel.columns() + channel.taps().map(taps -> "/" + taps.count()).orElse(""));
            case SlideKey slide -> Optional.of("%d/%dx%d".formatted(slide.rows(), slide.lines(), slide.taps().count()));
            default -> Optional.empty();
        };
    }

    private static String intensity(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private String registers() {
        if (tiles.isEmpty()) return "";
        Table table = new Table();
        table.row("rows x columns of a tile", "512 bit", "256 bit", "128 bit", "scalar");
        tiles.forEach((size, key) -> table.row(size, block(key, Width.W512), block(key, Width.W256), block(key, Width.W128), block(key, Width.W1)));
        return "\nWhat registers hold of a tile at a time:\n" + table;
    }

    private static String block(KernelKey key, Width width) {
        return Block.of(key, width).map(Block::toString).orElse("");
    }

    private String forms() {
        Set<Form> used = measured.works().stream().map(Work::form).collect(Collectors.toSet());
        return "\n" + Arrays.stream(Form.values()).filter(used::contains).map(form -> String.format(Locale.ROOT, "%-9s %s%n", form, form.words())).collect(Collectors.joining());
    }
}
