package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainerTest {
    @TempDir
    Path folder;

    private Trainer open(long seed) throws IOException {
        return Trainer.open(Fake.folder(folder), seed, Fake.options());
    }

    private static float step(Trainer trainer, int batch) {
        Tensor x = Fake.rows(16, 3, batch);
        float[] t = new float[64];
        for (int i = 0; i < 16; i++) {
            for (int j = 0; j < 4; j++) t[4 * i + j] = x.get(i, j % 3) + trainer.weights().get("dense.b").get(j);
        }
        return trainer.step(x, Tensor.of(t, 16, 4))[0].get();
    }

    @Test
    void theLossFalls() throws IOException {
        try (Trainer trainer = open(1)) {
            float first = step(trainer, 0);
            for (int i = 1; i < 100; i++) step(trainer, i);
            assertTrue(step(trainer, 100) < first / 100);
            assertEquals(101, trainer.steps());
        }
    }

    @Test
    void callersDoNotPassTheNumberOfTheStep() throws IOException {
        try (Trainer trainer = open(1)) {
            assertArrayEquals(new String[] {"x", "t"}, Arrays.stream(trainer.inputs()).map(Door::name).toArray());
        }
    }

    @Test
    void aSavedTrainerGoesOnWithTheSameBits() throws IOException {
        Path file = folder.resolve("checkpoint.safetensors");
        try (Trainer one = open(3); Trainer two = open(4)) {
            for (int i = 0; i < 5; i++) step(one, i);
            one.save(file);
            step(two, 77);
            two.load(file);
            assertEquals(5, two.steps());
            for (int i = 5; i < 10; i++) assertEquals(step(one, i), step(two, i));
            assertArrayEquals(one.weights().values, two.weights().values);
        }
    }

    @Test
    void weightsAloneBeginTheOptimizerAnew() throws IOException {
        Path file = folder.resolve("weights.safetensors");
        try (Trainer trainer = open(3)) {
            Weights.initial(Fake.PARAMETERS, 8).tensors(false, Map.of()).write(file);
            step(trainer, 1);
            trainer.load(file);
            assertEquals(0, trainer.steps());
            assertArrayEquals(new float[12], trainer.weights().get("dense.W momentum").floats());
        }
    }

    @Test
    void aFileThatDoesNotFitChangesNothing() throws IOException {
        Path file = folder.resolve("odd.safetensors");
        try (Trainer trainer = open(3)) {
            step(trainer, 1);
            float[] before = trainer.weights().values.clone();
            Weights.initial(Fake.PARAMETERS, 8).tensors(true, Map.of("steps", "many")).write(file);
            String message = assertThrows(WeightsException.class, () -> trainer.load(file)).getMessage();
            assertEquals(file + ": its metadata give no number for steps: 'many'", message);
            assertArrayEquals(before, trainer.weights().values);
            assertEquals(1, trainer.steps());
        }
    }

    @Test
    void aPredictorFollowsAndASnapshotStays() throws IOException {
        try (Trainer trainer = open(5); Network follows = trainer.predictor(); Network stays = trainer.snapshot()) {
            Tensor x = Fake.rows(4, 3, 9);
            float[] before = stays.predict(x)[0].floats();
            assertArrayEquals(before, follows.predict(x)[0].floats());
            step(trainer, 1);
            assertArrayEquals(before, stays.predict(x)[0].floats());
            float[] after = follows.predict(x)[0].floats();
            assertFalse(Arrays.equals(before, after));
            assertArrayEquals(Fake.expected(trainer.weights(), x), after);
        }
    }

    @Test
    void evaluatingChangesNothing() throws IOException {
        try (Trainer trainer = open(5)) {
            float[] before = trainer.weights().values.clone();
            Tensor[] losses = trainer.evaluate(Fake.rows(4, 3, 9), Fake.rows(4, 4, 9));
            assertTrue(losses[0].get() > 0);
            assertArrayEquals(before, trainer.weights().values);
            assertEquals(0, trainer.steps());
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTheTraining() throws IOException {
        try (Trainer trainer = open(5)) {
            Tensor bad = Tensor.of(new float[] {1, Float.NaN, 0}, 1, 3);
            String message = assertThrows(DivergedException.class, () -> trainer.step(bad, Fake.rows(1, 4, 1))).getMessage();
            assertTrue(message.startsWith("Fake: loss is NaN at step 1;"), message);
        }
    }

    @Test
    void aBatchThatDoesNotFitIsNoStep() throws IOException {
        try (Trainer trainer = open(5)) {
            float[] before = trainer.weights().values.clone();
            assertThrows(ShapeException.class, () -> trainer.step(Fake.rows(2, 3, 1), Fake.rows(3, 4, 1)));
            assertThrows(ShapeException.class, () -> trainer.step(Fake.rows(2, 3, 1)));
            assertEquals(0, trainer.steps());
            assertArrayEquals(before, trainer.weights().values);
        }
    }

    @Test
    void theSameSeedBeginsWithTheSameBits() throws IOException {
        try (Trainer one = open(6); Trainer two = open(6); Trainer other = open(7)) {
            assertArrayEquals(one.weights().values, two.weights().values);
            assertFalse(Arrays.equals(one.weights().values, other.weights().values));
        }
    }
}
