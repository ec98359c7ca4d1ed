package dev.kiln.testkit.shrink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.Example;

class ShrinkerTest {
    private static final String NETWORK = """
            /// What it is for.
            const words: int = 40

            fn scaled(x: f32[S..]) -> f32[S..] = 3 * x  // by three

            layer Tower(units: int = 8)(x: f32[N, C]) -> f32[N, units] {
              h = x |> Dense(units) |> relu
              return h |> Dense(units)
            }

            network Net(deep: bool = true) {
              in x: f32[N, 28, 28]
              a = x |> flatten |> Dense(10)
              b = a |> Tower(units: 16) |> culprit
              c = b
              out y = c |> Dense(10) |> softmax
            }

            train Net {
              in label: i32[N]
              loss cross_entropy(y, label)
              optimizer SGD(0.1)
            }
            """;

    @Example
    void theSmallestNumberThatFailsIsFound() {
        var shrinker = new Shrinker<Long>(n -> LongStream.of(0, n / 2, n - 1).filter(m -> m >= 0 && m < n).boxed(), n -> n >= 37, 1000);
        assertEquals(37, shrinker.smallest(1_000_000L));
        assertTrue(shrinker.tried() < 100);
    }

    @Example
    void theBudgetEndsTheSearch() {
        var shrinker = new Shrinker<Long>(n -> Stream.of(n - 1), _ -> true, 10);
        assertEquals(990, shrinker.smallest(1000L));
    }

    /// By text alone: whatever still holds the word.
    @Example
    void aTextLosesAllThatIsNotNeeded() {
        String smallest = SourceCuts.shrinker(text -> text.contains("culprit"), 2000).smallest(NETWORK);
        assertEquals("culprit", smallest.replaceAll("\\W|network|Net|out y|b|in", "").strip(), smallest);
    }

    @Example
    void everyKindOfCutIsOffered() {
        List<String> cuts = SourceCuts.of(NETWORK).toList();
        for (String one : List.of("out y = softmax", "b = a |> culprit", "h = x |> Dense(units)\n", "Dense(1)", "in a: f32[2, 2]", "out y = b |> Dense(10)", "x: f32[28, 28]", "= x\n"))
            assertTrue(cuts.stream().anyMatch(text -> text.contains(one)), one);
        assertTrue(cuts.stream().anyMatch(text -> !text.contains("//")));
        assertTrue(cuts.stream().anyMatch(text -> !text.contains("train")));
    }

    @Example
    void theSameStartGivesTheSameEnd() {
        assertEquals(smallest(), smallest());
    }

    private static String smallest() {
        return SourceCuts.shrinker(text -> text.contains("Tower") && text.contains("Dense"), 500).smallest(NETWORK);
    }

    @Example
    void aTextWithASyntaxErrorHasNoCandidates() {
        assertEquals(List.of(), SourceCuts.of("network {").toList());
    }
}
