package dev.kiln.compiler.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DimTest {
    private static final Dim N = Dim.variable("N");
    private static final Dim H = Dim.variable("H");
    private static final Dim C = Dim.variable("C");

    @Test
    void printsAsPeopleWrite() {
        assertEquals("2*N + 3", N.times(2).plus(3).toString());
        assertEquals("floor((H + 1) / 2)", H.minus(1).floorDiv(2).plus(1).toString());
        assertEquals("4 - N", Dim.of(4).minus(N).toString());
        assertEquals("C*N", N.times(C).toString());
        assertEquals("f32[N, 784]", TensorType.f32(N, Dim.of(784)).toString());
        assertEquals("i32", TensorType.scalar(DType.i32).toString());
    }

    @Test
    void ceilingAndFloorMeetInOneForm() {
        assertEquals(H.ceilDiv(Dim.of(2)), H.minus(1).floorDiv(2).plus(1));
        assertEquals(H.floorDiv(4), H.floorDiv(2).floorDiv(2));
        assertEquals(H.floorDiv(2), H.times(2).plus(1).floorDiv(4));
        assertEquals(N.plus(N.floorDiv(2)), N.times(3).floorDiv(2));
    }

    @Test
    void quotientsAreExactOrNot() {
        assertEquals(Optional.of(N.plus(1)), N.times(C).plus(C).exactDiv(C));
        assertEquals(Optional.of(N.minus(C)), N.times(N).minus(C.times(C)).exactDiv(N.plus(C)));
        assertEquals(Optional.empty(), N.exactDiv(Dim.of(2)));
        assertEquals(N, N.times(C).floorDiv(C));
        assertEquals(N.floorDiv(C), N.times(H).floorDiv(C.times(H)));
    }

    @Test
    void boundsHoldForAllSizesFromOne() {
        assertEquals(1, N.least().orElseThrow());
        assertEquals(0, N.times(C).minus(N).least().orElseThrow());
        assertTrue(Dim.of(3).minus(N).least().isEmpty());
        assertEquals(1, H.ceilDiv(Dim.of(2)).least().orElseThrow());
    }

    @Test
    void theSmallerOfTwoIsKnownWhereOneIsNeverLarger() {
        assertEquals(N, N.atMost(N.plus(C)));
        assertEquals(Dim.of(3), Dim.of(8).atMost(Dim.of(3)));
        var open = N.times(2).atMost(H);
        assertEquals("min(2*N, H)", open.toString());
        assertEquals(N.times(2), open.times(N).exactDiv(open).orElseThrow().times(2));
        for (long n = 1; n < 9; n++)
            for (long h = 1; h < 19; h++) {
                long high = h;
                long rows = n;
                assertEquals(Math.min(2 * n, h), open.evaluate(name -> name.equals("N") ? rows : high));
                assertEquals(Dim.of(Math.min(2 * n, h)), open.substitute(Map.of("N", Dim.of(n), "H", Dim.of(h))));
            }
        assertEquals(1, open.least().orElseThrow());
        assertEquals(Dim.variable("strip").times(C), open.named("strip").times(C).steady());
        assertEquals(H.named("axis"), H.named("axis").steady());
    }

    @Test
    void unknownsAreSolvedFor() {
        var unknown = Dim.variable("?X");
        var names = Set.of("?X");
        assertEquals(new Unify.Bound("?X", N), Unify.solve(unknown, names, N));
        assertEquals(new Unify.Bound("?X", N.plus(1)), Unify.solve(unknown.times(2).plus(3), names, N.times(2).plus(5)));
        assertInstanceOf(Unify.Refuted.class, Unify.solve(unknown.times(2), names, Dim.of(7)));
        assertInstanceOf(Unify.Ambiguous.class, Unify.solve(N.floorDiv(unknown), names, N));
        assertInstanceOf(Unify.Ambiguous.class, Unify.solve(unknown.times(Dim.variable("?Y")), Set.of("?X", "?Y"), N));
    }

    @Test
    void equalityIsProvedRefutedOrOpen() {
        assertInstanceOf(Unify.Proved.class, Unify.equal(N.times(2), N.plus(N)));
        assertInstanceOf(Unify.Refuted.class, Unify.equal(Dim.of(6), Dim.of(4)));
        assertInstanceOf(Unify.Refuted.class, Unify.equal(N, N.plus(1)));
        assertInstanceOf(Unify.Open.class, Unify.equal(N, Dim.of(4)));
    }
}
