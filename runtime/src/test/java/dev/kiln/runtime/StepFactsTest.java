package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StepFactsTest {
    @Test
    void whatIsPrintedIsRead() throws Json.Malformed {
        var dense = new StepFacts("dense", "digits.nn:7", 640, List.of(0, 3));
        var door = new StepFacts("in \"x\"", "", 0, List.of());
        assertEquals(List.of(dense, door), StepFacts.parse(StepFacts.print(Map.of("predict", List.of(dense, door))), "predict"));
        assertThrows(Json.Malformed.class, () -> StepFacts.parse("{}", "predict"));
    }

    @Test
    void operationsAreTwoForEachMultiplyAddOfEveryRun() {
        assertEquals(2.0 * 640 * 8 * 5 * 3, new StepFacts("dense", "", 640, List.of(0, 3)).bound(new int[] {8, 0, 0, 5}, 3).operations());
    }

    @Test
    void aListenerHearsOfEachStepAndOfNoneWhenItHasLeft() {
        Entry entry = new Entry("Fake", new FakePredict(), Weights.initial(Fake.PARAMETERS, 1), new Team(1));
        List<String> heard = new ArrayList<>();
        entry.runner().listener(new StepListener() {
            @Override
            public void begins(int step) {
                heard.add("begins " + step);
            }

            @Override
            public void ended(int step) {
                heard.add("ended " + step);
            }
        });
        entry.prepare();
        heard.clear();
        Tensor x = Fake.rows(2, 3, 1);
        entry.run(0, 0, x);
        assertEquals(List.of("begins 1", "ended 1", "begins 2", "ended 2"), heard);
        entry.runner().listener(null);
        entry.run(0, 0, x);
        assertEquals(4, heard.size());
    }
}
