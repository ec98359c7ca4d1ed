package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;

class WarmerTest {
    private static final Options OPTIONS = Options.defaults().threads(1).width(Width.W128);
    private final Weights weights = Weights.zero(List.of());

    /// What is stored here is made on the heap.
    static Object escaped;

    private Entry entry(EntryCode code) {
        return new Entry("Fake", code, weights, new Team(1));
    }

    @Test
    void warmKernelsAllocateNothing() {
        Entry entry = entry(new FakeVectors());
        entry.warm(OPTIONS.warm(Warm.NOW), Weights.Change.NEVER);
        assertEquals(Width.W128, entry.width());
        assertEquals(List.of(), entry.cold());
        Tensor[] in = {Fake.rows(50, 64, 1)};
        Tensor[] out = entry.run(0, 0, in);
        var bean = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        entry.runInto(0, 0, in, out);
        long before = bean.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100; i++) entry.runInto(0, 0, in, out);
        assertTrue(bean.getCurrentThreadAllocatedBytes() - before < 2_000, "boxes were made");
    }

    @Test
    void kernelsThatNeverStopMakingBoxesAreNamedAndServeAllTheSame() throws Exception {
        var code = new FakeVectors() {
            @Override
            public void run(Width width, int step, Frame f, int from, int to) {
                if (width != Width.W1) escaped = new int[from + 1];
                super.run(width, step, f, from, to);
            }
        };
        try (var recording = new Recording()) {
            recording.enable("dev.kiln.Cold");
            recording.start();
            Entry entry = entry(code);
            entry.warm(OPTIONS.warm(Warm.NOW), Weights.Change.NEVER);
            assertEquals(List.of(0), entry.cold());
            assertEquals(Width.W128, entry.width());
            Path file = Files.createTempFile("cold", ".jfr");
            try {
                recording.dump(file);
                assertEquals(List.of("[0]"), RecordingFile.readAllEvents(file).stream().map(e -> e.getString("steps")).toList());
            } finally {
                Files.delete(file);
            }
        }
    }

    @Test
    void loadingComputesWhatDependsOnTheWeightsAlone() {
        FakePredict.lastWidth = null;
        Entry entry = new Entry("Fake", new FakePredict(), Weights.initial(Fake.PARAMETERS, 1), new Team(1));
        entry.prepare();
        assertEquals(Width.W1, FakePredict.lastWidth);
    }

    @Test
    void aCallIsWaitedFor() throws InterruptedException {
        Entry entry = entry(new FakeVectors());
        assertFalse(entry.awaitCall(0));
        entry.run(0, 0, Fake.rows(1, 64, 1));
        assertTrue(entry.awaitCall(0));
    }

    @Test
    void nobodySeesTheChangeOfWidth() throws Exception {
        Entry entry = entry(new FakeVectors());
        Tensor x = Fake.rows(7, 64, 1);
        float[] scalar = entry.run(0, 0, x)[0].floats();
        entry.warm(OPTIONS, Weights.Change.NEVER);
        while (!entry.ready().isDone()) assertArrayEquals(scalar, entry.run(0, 0, x)[0].floats());
        assertEquals(Width.W128, entry.ready().get(20, TimeUnit.SECONDS));
        assertArrayEquals(scalar, entry.run(0, 0, x)[0].floats());
    }

    @Test
    void anEntryThatFailsInWarmingStaysOnScalarKernels() {
        var code = new FakeTrain() {
            @Override
            public void run(Width width, int step, Frame f, int from, int to) {
                if (width != Width.W1) throw new IllegalStateException("no such kernels");
            }
        };
        Entry entry = new Entry("Fake", code, Weights.initial(Fake.PARAMETERS, 1), new Team(1));
        entry.warm(OPTIONS, Weights.Change.IN_CALLS);
        assertThrows(CompletionException.class, () -> entry.ready().join());
        assertEquals(Width.W1, entry.width());
    }

    @Test
    void trainingIsTriedOnACopy() {
        Weights own = Weights.initial(Fake.PARAMETERS, 1);
        float[] before = own.values.clone();
        Entry entry = new Entry("Fake", new FakeTrain(), own, new Team(1));
        entry.warm(OPTIONS.warm(Warm.NOW), Weights.Change.IN_CALLS);
        assertArrayEquals(before, own.values);
    }

    @Test
    void kernelsAreRehearsedWhicheverSizesTheDoorAsksFor() {
        var box = new AtomicReference<float[]>();
        var idle = new AtomicInteger();
        var working = new AtomicInteger();
        var code = new FakePredict() {
            @Override
            public String check(int[] b) {
                return b[0] < 1000 ? "N must be 1000 at least" : null;
            }

            @Override
            public int[][] rehearsals() {
                return new int[][] {{0}, {1}};
            }

            @Override
            public void rehearse(Width width, int rehearsal, float[] zeros, int way) {
                assertEquals(Width.W128, width);
                (way < 0 ? idle : working).incrementAndGet();
                if (rehearsal == 1) box.set(new float[4]);
            }
        };
        Entry entry = new Entry("Fake", code, Weights.initial(Fake.PARAMETERS, 1), new Team(1));
        entry.warm(OPTIONS.warm(Warm.NOW), Weights.Change.BETWEEN_CALLS);
        assertTrue(idle.get() > 0 && working.get() > 0, idle + " idle calls, " + working + " that work");
        assertEquals(Width.W128, entry.width());
        assertEquals(Allocation.KNOWN ? List.of(1) : List.of(), entry.cold());
    }

    @Test
    void whatWasPreparedForGoodIsNotComputedAgain() {
        var widths = new ArrayList<Width>();
        var code = new FakePredict() {
            @Override
            public void run(Width width, int step, Frame f, int from, int to) {
                if (step < prepareSteps()) widths.add(width);
                else super.run(Width.W1, step, f, from, to);
            }
        };
        for (var change : List.of(Weights.Change.NEVER, Weights.Change.BETWEEN_CALLS)) {
            widths.clear();
            Entry entry = new Entry("Fake", code, Weights.initial(Fake.PARAMETERS, 1), new Team(1));
            entry.prepare();
            entry.warm(OPTIONS.warm(Warm.NOW), change);
            assertEquals(change == Weights.Change.NEVER ? Set.of(Width.W1) : Set.of(Width.W1, Width.W128), Set.copyOf(widths));
        }
    }

    @Test
    void stepsGoOverOneByOne() {
        var code = new FakePredict();
        Entry entry = new Entry("Fake", code, Weights.initial(Fake.PARAMETERS, 1), new Team(1));
        entry.width(Width.W128, code.steps() - 1);
        assertEquals(Width.W1, entry.width());
        entry.run(0, 0, Fake.rows(1, 3, 1));
        assertEquals(Width.W128, FakePredict.lastWidth);
        entry.width(Width.W128);
        assertEquals(Width.W128, entry.width());
    }

    @Test
    void withoutWarmingTheVectorKernelsServeAtOnce() {
        Entry entry = entry(new FakeVectors());
        entry.warm(OPTIONS.warm(Warm.NEVER), Weights.Change.NEVER);
        assertEquals(Width.W128, entry.width());
    }
}
