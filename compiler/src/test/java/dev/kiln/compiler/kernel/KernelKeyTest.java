package dev.kiln.compiler.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Node.Reduction;
import dev.kiln.compiler.type.DType;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import javax.lang.model.SourceVersion;
import org.junit.jupiter.api.Test;

class KernelKeyTest {
    private static final Port STREAM = Port.stream(DType.f32);

    @Test
    void differentTilesHaveDifferentNamesThatJavaAllows() {
        var names = new HashSet<String>();
        int keys = 0;
        for (int columns : List.of(16, 24, 32, 64, 128))
            for (int rows = 1; rows <= TileKey.highest(columns); rows++)
                for (Start start : Start.values())
                    for (Act act : List.of(Act.NONE, Act.RELU, new Act.Clip(0, 6), new Act.Clip(-1, 1), new Act.Scale(0.5f)))
                        for (OptionalInt aRow : List.of(OptionalInt.empty(), OptionalInt.of(1), OptionalInt.of(64)))
                            for (boolean windows : List.of(true, false)) {
                                String name = new TileKey(rows, columns, windows, aRow, start, act).className();
                                assertTrue(SourceVersion.isIdentifier(name), name);
                                names.add(name);
                                keys++;
                            }
        assertEquals(keys, names.size());
    }

    @Test
    void aTileThatNoRegistersHoldIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> TileKey.of(15, 32, Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> TileKey.of(5, 64, Start.ZERO, Act.NONE));
        assertThrows(IllegalArgumentException.class, () -> TileKey.of(1, 48, Start.ZERO, Act.NONE));
    }

    @Test
    void theDescriptorListsPortsInOrder() {
        var body = new RowsBody(
                List.of(STREAM, Port.row(DType.i32), Port.scalar(DType.f32), Port.index(), STREAM),
                List.of(new Node.Read(0)),
                List.of(new Store(0, 4)));
        assertEquals("(int,int,float[],int,int,float[],int,int,float[],int,int,int,int,float[],int,int,int,float[],int)void", new RowsKey(body).descriptor().displayDescriptor());
    }

    @Test
    void bodiesOfOneTextHaveOneName() {
        assertEquals(softmaxLike(Reduction.MAX).className(), softmaxLike(Reduction.MAX).className());
        assertFalse(softmaxLike(Reduction.MAX).className().equals(softmaxLike(Reduction.SUM).className()));
        assertEquals("rows p0 STREAM:f32, p1 STREAM:f32 | n0 = read p0; n1 = row MAX n0; n2 = sub n0 n1; n3 = row SUM n2; n4 = div n2 n3 | n4 > p1", softmaxLike(Reduction.MAX).toString());
    }

    private static RowsKey softmaxLike(Reduction first) {
        return new RowsKey(new RowsBody(
                List.of(STREAM, STREAM),
                List.of(new Node.Read(0), new Node.RowReduce(first, 0), new Node.Apply(Functions.SUB, List.of(0, 1)), new Node.RowReduce(Reduction.SUM, 2), new Node.Apply(Functions.DIV, List.of(2, 3))),
                List.of(new Store(4, 1))));
    }

    @Test
    void eachReductionNeedsOneMoreSweep() {
        RowsBody body = softmaxLike(Reduction.MAX).body();
        assertEquals(List.of(0, 1, 1, 2, 2), body.sweeps());
        assertEquals(2, body.lastSweep());
        assertEquals(List.of(0), body.needed(0));
        assertEquals(List.of(0, 2), body.needed(1));
        assertEquals(List.of(0, 2, 4), body.needed(2));
        assertEquals(32, softmaxLike(Reduction.MAX).scratch());
    }

    @Test
    void aBodyThatBreaksTheRulesIsRefused() {
        List<Node> columnRead = List.of(new Node.Read(0), new Node.ColumnReduce(Reduction.SUM, 0), new Node.Apply(Functions.NEG, List.of(1)));
        assertThrows(IllegalArgumentException.class, () -> new RowsBody(List.of(STREAM, STREAM), columnRead, List.of(new Store(2, 1))));
        List<Node> mixed = List.of(new Node.Read(0), new Node.ColumnReduce(Reduction.SUM, 0), new Node.RowReduce(Reduction.SUM, 0));
        assertThrows(IllegalArgumentException.class, () -> new RowsBody(List.of(STREAM, STREAM), mixed, List.of(new Store(1, 1))));
        List<Node> full = List.of(new Node.Read(0));
        assertThrows(IllegalArgumentException.class, () -> new RowsBody(List.of(STREAM, Port.row(DType.f32)), full, List.of(new Store(0, 1))));
        assertThrows(IllegalArgumentException.class, () -> new RowsBody(List.of(STREAM, Port.stream(DType.i32)), full, List.of(new Store(0, 1))));
        assertThrows(IllegalArgumentException.class, () -> new RowsBody(List.of(STREAM), full, List.of()));
        assertThrows(IndexOutOfBoundsException.class, () -> new RowsBody(List.of(STREAM), List.of(new Node.Cast(0, DType.i32)), List.of(new Store(0, 0))));
    }
}
