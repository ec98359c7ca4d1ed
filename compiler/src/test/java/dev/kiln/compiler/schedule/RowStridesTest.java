package dev.kiln.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowStridesTest {
    private static final Argument SYMBOLIC = Argument.of(IndexExpr.size(Dim.variable("N")));

    private static Step step(int rows, Argument aRow) {
        var arguments = new ArrayList<>(Collections.nCopies(18, Argument.of(0)));
        arguments.set(6, aRow);
        var call = new Action.Kernel(TileKey.of(rows, 32, Start.ZERO, Act.NONE), arguments);
        var choice = new Action.Choose(IndexExpr.number(1), new TreeMap<>(Map.of(1, List.of(call))));
        return new Step("rows " + rows, Optional.empty(), IndexExpr.number(1), IndexExpr.number(1), List.of(new Action.Loop("w", IndexExpr.number(2), List.of(choice))));
    }

    private static RowStrides.Layer layer(long work, int rows, int aRow) {
        return new RowStrides.Layer(work, List.of(step(rows, Argument.of(aRow))));
    }

    private static List<String> classes(RowStrides.Layer... layers) {
        var steps = List.of(layers).stream().flatMap(l -> l.steps().stream()).toList();
        return RowStrides.baked(steps, List.of(layers)).stream().flatMap(s -> s.keys().stream()).map(Object::toString).toList();
    }

    @Test
    void onlyHeavyContractionsGetTheirStride() {
        assertEquals(List.of("tile 12x32 start zero act none aRow 512", "tile 12x32 start zero act none aRow 64", "tile 12x32 start zero act none"),
                classes(layer(94, 12, 512), layer(4, 12, 64), layer(2, 12, 7)));
    }

    @Test
    void lowTilesAndSymbolicStridesStayAsTheyAre() {
        assertEquals(List.of("tile 2x32 start zero act none", "tile 3x32 start zero act none aRow 8", "tile 12x32 start zero act none"),
                classes(layer(1, 2, 8), layer(1, 3, 8), new RowStrides.Layer(1, List.of(step(12, SYMBOLIC)))));
    }

    @Test
    void anEntryHasTwelveSuchClassesTheHeaviestFirst() {
        var layers = IntStream.rangeClosed(2, 15).mapToObj(i -> layer(100 + i, 12, i)).toArray(RowStrides.Layer[]::new);
        var classes = classes(layers);
        assertEquals(List.of("tile 12x32 start zero act none", "tile 12x32 start zero act none"), classes.subList(0, 2));
        assertEquals(12, classes.stream().filter(c -> c.contains("aRow")).count());
    }

    @Test
    void rowsThatAreNeighboursDoNotCount() {
        var layers = IntStream.rangeClosed(1, 14).mapToObj(i -> layer(100 - i, 12, Math.max(1, i - 1))).toArray(RowStrides.Layer[]::new);
        var classes = classes(layers);
        assertEquals(List.of("tile 12x32 start zero act none aRow 1", "tile 12x32 start zero act none aRow 1"), classes.subList(0, 2));
        assertEquals(14, classes.stream().filter(c -> c.contains("aRow")).count());
    }

    @Test
    void aClassThatIsThereAlreadyCostsNothing() {
        var layers = IntStream.rangeClosed(1, 14).mapToObj(_ -> layer(100, 12, 16)).toArray(RowStrides.Layer[]::new);
        assertEquals(14, RowStrides.baked(List.of(layers).stream().flatMap(l -> l.steps().stream()).toList(), List.of(layers)).stream().flatMap(s -> s.keys().stream()).filter(k -> k.toString().contains("aRow 16")).count());
    }
}
