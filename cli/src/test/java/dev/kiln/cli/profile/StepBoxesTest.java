package dev.kiln.cli.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.runtime.StepWork;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StepBoxesTest {
    private static final List<StepWork> STEPS = List.of(new StepWork("x", "", 0), new StepWork("h", "net.nn:3", 8), new StepWork("y", "net.nn:4", 8));

    @Test
    void whatAllocatesInEachCallIsNamedWithItsLine() {
        var allocated = new AtomicLong();
        var boxes = new StepBoxes(3, allocated::get);
        for (int call = 0; call < 2; call++) {
            boxes.begins(0);
            allocated.addAndGet(call == 0 ? 64 : 0);
            boxes.ended(0);
            for (int turn = 0; turn < 2; turn++) {
                boxes.begins(1);
                allocated.addAndGet(800);
                boxes.ended(1);
            }
            boxes.begins(2);
            boxes.ended(2);
            boxes.called();
        }
        assertEquals(List.of("step 1 (h) of net.nn:3 is cold: its kernel makes 1,600 bytes of boxes a call, as the JVM has not compiled it yet or has given it up"), boxes.sentences(STEPS));
    }
}
