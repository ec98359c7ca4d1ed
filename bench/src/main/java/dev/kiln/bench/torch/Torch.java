package dev.kiln.bench.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import dev.kiln.bench.Constant;
import java.util.Arrays;

/// What a call and a training step share.
final class Torch {
    private Torch() {}

    static String name() {
        return "pytorch " + Engine.getEngine("PyTorch").getVersion();
    }

    static NDManager manager(int threads) {
        JniUtils.setNumThreads(threads);
        return NDManager.newBaseManager(Engine.getEngine("PyTorch").defaultDevice(), "PyTorch");
    }

    static NDArray array(NDManager manager, Constant c) {
        return manager.create(c.values(), new Shape(Arrays.stream(c.shape()).asLongStream().toArray()));
    }
}
