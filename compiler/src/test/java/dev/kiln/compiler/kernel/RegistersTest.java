package dev.kiln.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Node.Reduction;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How many vectors of a row are reduced abreast, each into accumulators of its own; none where these lie in scratch.
class RegistersTest {
    private static final int NARROW = 15;
    private static final int WIDE = 31;

    /// So many reductions, each of a stream of its own.
    private static RowsBody reductions(Reduction reduction, int count) {
        var ports = new ArrayList<Port>();
        var nodes = new ArrayList<Node>();
        var stores = new ArrayList<Store>();
        for (int i = 0; i < count; i++) {
            ports.add(Port.stream(DType.f32));
            nodes.add(new Node.Read(2 * i));
            nodes.add(new Node.RowReduce(reduction, 2 * i));
            ports.add(Port.row(DType.f32));
            stores.add(new Store(2 * i + 1, 2 * i + 1));
        }
        return new RowsBody(ports, nodes, stores);
    }

    @Test
    void sumsOfWhatIsReadTakeSixteenLanes() {
        assertEquals(4, reductions(Reduction.SUM, 1).abreast(0, 4, NARROW));
        assertEquals(2, reductions(Reduction.SUM, 1).abreast(0, 8, NARROW));
        assertEquals(1, reductions(Reduction.SUM, 1).abreast(0, 16, WIDE));
    }

    @Test
    void accumulatorsBeyondTheRegistersLieInScratch() {
        assertEquals(4, reductions(Reduction.SUM, 3).abreast(0, 4, NARROW));
        assertEquals(0, reductions(Reduction.SUM, 4).abreast(0, 4, NARROW));
        assertEquals(2, reductions(Reduction.SUM, 4).abreast(0, 8, NARROW));
        assertEquals(1, reductions(Reduction.SUM, 10).abreast(0, 16, WIDE));
    }

    @Test
    void maximaTakeFourChainsWhereTheseFit() {
        assertEquals(4, reductions(Reduction.MAX, 1).abreast(0, 16, WIDE));
        assertEquals(4, reductions(Reduction.MAX, 3).abreast(0, 8, NARROW));
        assertEquals(2, reductions(Reduction.MAX, 4).abreast(0, 8, NARROW));
    }

    @Test
    void whatIsComputedFirstIsSummedInRegistersOnlyWhereAVectorHasAllLanes() {
        var nodes = List.<Node>of(new Node.Read(0), new Node.Apply(Functions.EXP, List.of(0)), new Node.RowReduce(Reduction.SUM, 1));
        var body = new RowsBody(List.of(Port.stream(DType.f32), Port.row(DType.f32)), nodes, List.of(new Store(2, 1)));
        assertEquals(0, body.abreast(0, 8, NARROW));
        assertEquals(1, body.abreast(0, 16, WIDE));
    }
}
