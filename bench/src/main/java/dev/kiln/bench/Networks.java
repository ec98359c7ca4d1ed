package dev.kiln.bench;

import dev.kiln.bench.onnx.OnnxModel;
import dev.kiln.bench.onnx.OnnxModel.Value;
import java.util.List;

/// The networks of `bench/models` in ONNX, as an exporter would write them, with our weights.
///
/// @param model that is being built
/// @param weights taken in the order of the `.nn` text
record Networks(OnnxModel model, Parameters weights) {
    private static final int HEADS = 12;

    Value mlp(Value x) {
        return model.softmax(dense(model.relu(dense(model.relu(dense(x))))));
    }

    Value lenet(Value x) {
        Value h = model.maxPool(model.relu(conv(x, 1, 2)), 2, 2, 0);
        Value k = model.maxPool(model.relu(conv(h, 1, 2)), 2, 2, 0);
        return model.softmax(dense(model.relu(dense(model.flatten(k)))));
    }

    Value resnet18(Value x) {
        Value h = stem(x);
        for (int level = 0; level < 4; level++) {
            for (int block = 0; block < 2; block++) h = basicBlock(h, level > 0 && block == 0);
        }
        return dense(model.averageAll(h));
    }

    Value resnet50(Value x) {
        int[] blocks = {3, 4, 6, 3};
        Value h = stem(x);
        for (int level = 0; level < blocks.length; level++) {
            for (int block = 0; block < blocks[level]; block++) h = bottleneck(h, block == 0, level > 0 && block == 0 ? 2 : 1);
        }
        return dense(model.averageAll(h));
    }

    /// Sandler et al. 2018, table 2: expansion, repetitions and stride; the number of channels is in the weights.
    Value mobilenet(Value x) {
        int[][] levels = {{1, 1, 1}, {6, 2, 2}, {6, 3, 2}, {6, 4, 2}, {6, 3, 1}, {6, 3, 2}, {6, 1, 1}};
        Value h = model.relu6(convNorm(x, 2, 1));
        for (int[] level : levels) {
            for (int block = 0; block < level[1]; block++) h = inverted(h, level[0], block == 0 ? level[2] : 1, block > 0);
        }
        return dense(model.averageAll(model.relu6(convNorm(h, 1, 0))));
    }

    Value encoder(Value x) {
        Value h = model.layerNorm(x, weights.next("gain"), weights.next("bias"));
        Value query = heads(linear(h), 0, 2, 1, 3);
        Value key = heads(linear(h), 0, 2, 3, 1);
        Value value = heads(linear(h), 0, 2, 1, 3);
        Value weight = model.softmax(model.times(model.matMul(query, key), (float) (1 / Math.sqrt(384.0 / HEADS))));
        Value mixed = model.reshape(model.permute(model.matMul(weight, value), 0, 2, 1, 3), 0, 0, -1);
        Value k = model.add(x, linear(mixed));
        Value inner = model.layerNorm(k, weights.next("gain"), weights.next("bias"));
        return model.add(k, linear(model.gelu(linear(inner))));
    }

    /// Gates i f o g become i o f g.
    Value lstm(Value x) {
        Constant w = Gates.ordered(weights.next("W"), 0, 2, 1, 3);
        Constant u = Gates.ordered(weights.next("U"), 0, 2, 1, 3);
        Constant b = Gates.ordered(weights.next("b"), 0, 2, 1, 3);
        return model.lstm(x, w.permuted(1, 0), u.permuted(1, 0), Gates.joined(b, Gates.zeros(b)));
    }

    /// Gates r z and the candidate become z r h, z the other way round.
    Value gru(Value x) {
        Constant w = weights.next("W");
        Constant u = weights.next("U");
        Constant b = weights.next("b");
        Constant v = weights.next("V");
        Constant r = weights.next("R");
        Constant a = weights.next("a");
        Constant d = weights.next("d");
        return model.gru(x, zrh(w, v).permuted(1, 0), zrh(u, r).permuted(1, 0), Gates.joined(zrh(b, a), zrh(Gates.zeros(b), d)));
    }

    private static Constant zrh(Constant rz, Constant h) {
        return Gates.joined(Gates.negated(Gates.blocks(rz, 2, 1, 2)), Gates.blocks(rz, 2, 0, 1), h);
    }

    Value layerNorm(Value x) {
        return model.layerNorm(x, weights.next("gain"), weights.next("bias"));
    }

    Value product(Value x) {
        return model.matMul(x, model.constant(weights.next("W")));
    }

    /// A convolution with bias, and nothing else.
    Value conv(Value x, int stride, int pad) {
        return model.conv(x, weights.next("K"), List.of(weights.next("b")), stride, pad, 1);
    }

    /// One filter for each channel, 3x3.
    Value depthwise(Value x) {
        Constant kernel = perChannel(weights.next("K"));
        return model.conv(x, kernel, List.of(weights.next("b")), 1, 1, kernel.extent(0));
    }

    private static Constant perChannel(Constant kernel) {
        return new Constant(kernel.values(), kernel.extent(0), 1, kernel.extent(1), kernel.extent(2));
    }

    private Value stem(Value x) {
        return model.maxPool(model.relu(convNorm(x, 2, 3)), 3, 2, 1);
    }

    private Value basicBlock(Value x, boolean shrinks) {
        Value h = model.relu(convNorm(x, shrinks ? 2 : 1, 1));
        Value y = convNorm(h, 1, 1);
        return model.relu(model.add(y, shrinks ? convNorm(x, 2, 0) : x));
    }

    private Value bottleneck(Value x, boolean projects, int stride) {
        Value h = model.relu(convNorm(x, 1, 0));
        Value k = model.relu(convNorm(h, stride, 1));
        Value y = convNorm(k, 1, 0);
        return model.relu(model.add(y, projects ? convNorm(x, stride, 0) : x));
    }

    private Value inverted(Value x, int expansion, int stride, boolean adds) {
        Value wide = expansion == 1 ? x : model.relu6(convNorm(x, 1, 0));
        Constant kernel = perChannel(weights.next("K"));
        Value y = convNorm(model.relu6(norm(model.conv(wide, kernel, List.of(), stride, 1, kernel.extent(0)))), 1, 0);
        return adds ? model.add(x, y) : y;
    }

    private Value convNorm(Value x, int stride, int pad) {
        return norm(model.conv(x, weights.next("K"), List.of(), stride, pad, 1));
    }

    private Value norm(Value x) {
        return model.batchNorm(x, weights.next("gamma"), weights.next("beta"), weights.next("running_mean"), weights.next("running_var"));
    }

    private Value dense(Value x) {
        return model.gemm(x, weights.next("W"), weights.next("b"));
    }

    /// A dense layer over the last of three axes.
    private Value linear(Value x) {
        Value product = model.matMul(x, model.constant(weights.next("W")));
        return model.add(product, model.constant(weights.next("b")));
    }

    private Value heads(Value x, int... order) {
        return model.permute(model.reshape(x, 0, 0, HEADS, -1), order);
    }
}
