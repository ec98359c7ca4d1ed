package dev.kiln.bench.onnx;

import dev.kiln.bench.Constant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// An ONNX model in memory: one float input, one float output, nodes in the order they were added. Numbers of fields are those of `onnx.proto3`.
public final class OnnxModel {
    private static final int FLOAT = 1;
    private static final int LONG = 7;
    private static final int IR_VERSION = 9;
    /// The first that has Gelu.
    private static final int OPSET = 20;

    /// A tensor of the graph.
    public record Value(String name) {}

    private final ProtoWriter graph = new ProtoWriter().text(2, "bench");
    private int values;
    private int constants;

    /// The input.
    /// @param shape -1 is a size that each call may choose
    public Value input(int... shape) {
        door(11, "x", shape);
        return new Value("x");
    }

    /// The file. Nothing may be added after it.
    public byte[] toBytes(Value output, int... shape) {
        graph.message(1, n -> n.text(1, output.name).text(2, "y").text(4, "Identity"));
        door(12, "y", shape);
        return new ProtoWriter().number(1, IR_VERSION).text(2, "kiln-bench").bytes(7, graph.toBytes()).message(8, o -> o.text(1, "").number(2, OPSET)).toBytes();
    }

    public Value constant(Constant c) {
        var raw = ByteBuffer.allocate(4 * c.values().length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(c.values());
        return constant(FLOAT, raw.array(), c.shape());
    }

    public Value matMul(Value a, Value b) {
        return node("MatMul", List.of(a, b));
    }

    /// `x·w + b` over rows.
    public Value gemm(Value x, Constant w, Constant b) {
        return node("Gemm", List.of(x, constant(w), constant(b)));
    }

    /// A kernel [filters, channels / groups, size, size], the same pad on every side.
    public Value conv(Value x, Constant kernel, List<Constant> bias, int stride, int pad, int groups) {
        List<Value> operands = new ArrayList<>(List.of(x, constant(kernel)));
        bias.forEach(b -> operands.add(constant(b)));
        return node("Conv", operands, n -> {
            integers(n, "kernel_shape", kernel.extent(2), kernel.extent(3));
            integers(n, "strides", stride, stride);
            integers(n, "pads", pad, pad, pad, pad);
            integer(n, "group", groups);
        });
    }

    /// At inference: with the running statistics.
    public Value batchNorm(Value x, Constant gamma, Constant beta, Constant mean, Constant variance) {
        return node("BatchNormalization", List.of(x, constant(gamma), constant(beta), constant(mean), constant(variance)), n -> real(n, "epsilon", 1e-5f));
    }

    /// Over the last axis.
    public Value layerNorm(Value x, Constant gain, Constant bias) {
        return node("LayerNormalization", List.of(x, constant(gain), constant(bias)), n -> real(n, "epsilon", 1e-5f));
    }

    public Value maxPool(Value x, int size, int stride, int pad) {
        return node("MaxPool", List.of(x), n -> {
            integers(n, "kernel_shape", size, size);
            integers(n, "strides", stride, stride);
            integers(n, "pads", pad, pad, pad, pad);
        });
    }

    /// The mean of each channel of an image.
    public Value averageAll(Value x) {
        return node("Flatten", List.of(node("GlobalAveragePool", List.of(x))));
    }

    /// Everything behind the first axis in one.
    public Value flatten(Value x) {
        return node("Flatten", List.of(x));
    }

    /// Over `[time, batch, features]`, from a state of zeros; the gates of [4·hidden, …] are i o f c.
    public Value lstm(Value x, Constant w, Constant u, Constant bias) {
        return recurrent("LSTM", x, u.extent(1), List.of(w, u, bias), _ -> {});
    }

    /// Over `[time, batch, features]`, from a state of zeros, with the reset behind the product; the gates of [3·hidden, …] are z r h.
    public Value gru(Value x, Constant w, Constant u, Constant bias) {
        return recurrent("GRU", x, u.extent(1), List.of(w, u, bias), n -> integer(n, "linear_before_reset", 1));
    }

    private Value recurrent(String operator, Value x, int hidden, List<Constant> weights, Consumer<ProtoWriter> attributes) {
        List<Value> operands = new ArrayList<>(List.of(x));
        weights.forEach(w -> operands.add(constant(oneDirection(w))));
        Value both = node(operator, operands, n -> {
            integer(n, "hidden_size", hidden);
            attributes.accept(n);
        });
        return reshape(both, 0, -1, hidden);
    }

    /// With an axis of directions before the others.
    private static Constant oneDirection(Constant c) {
        return new Constant(c.values(), IntStream.concat(IntStream.of(1), IntStream.of(c.shape())).toArray());
    }

    public Value relu(Value x) {
        return node("Relu", List.of(x));
    }

    /// `min(max(x, 0), 6)`.
    public Value relu6(Value x) {
        return node("Clip", List.of(x, constant(new Constant(new float[] {0})), constant(new Constant(new float[] {6}))));
    }

    /// With the error function.
    public Value gelu(Value x) {
        return node("Gelu", List.of(x));
    }

    /// Over the last axis.
    public Value softmax(Value x) {
        return node("Softmax", List.of(x));
    }

    public Value add(Value a, Value b) {
        return node("Add", List.of(a, b));
    }

    public Value times(Value x, float factor) {
        return node("Mul", List.of(x, constant(new Constant(new float[] {factor}))));
    }

    /// 0 keeps an extent, -1 is what is left over.
    public Value reshape(Value x, int... shape) {
        var raw = ByteBuffer.allocate(8 * shape.length).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(shape).forEach(raw::putLong);
        return node("Reshape", List.of(x, constant(LONG, raw.array(), shape.length)));
    }

    public Value permute(Value x, int... order) {
        return node("Transpose", List.of(x), n -> integers(n, "perm", order));
    }

    private Value node(String operator, List<Value> operands) {
        return node(operator, operands, _ -> {});
    }

    private Value node(String operator, List<Value> operands, Consumer<ProtoWriter> attributes) {
        var result = new Value("v" + values++);
        graph.message(1, n -> {
            operands.forEach(o -> n.text(1, o.name));
            n.text(2, result.name).text(4, operator);
            attributes.accept(n);
        });
        return result;
    }

    private static void integers(ProtoWriter node, String name, int... values) {
        node.message(5, a -> {
            a.text(1, name);
            IntStream.of(values).forEach(v -> a.number(8, v));
            a.number(20, 7);
        });
    }

    private static void integer(ProtoWriter node, String name, int value) {
        node.message(5, a -> a.text(1, name).number(3, value).number(20, 2));
    }

    private static void real(ProtoWriter node, String name, float value) {
        node.message(5, a -> a.text(1, name).fixed(2, Float.floatToIntBits(value)).number(20, 1));
    }

    private Value constant(int type, byte[] raw, int... shape) {
        var value = new Value("c" + constants++);
        graph.message(5, t -> {
            for (int extent : shape) t.number(1, extent);
            t.number(2, type).text(8, value.name).bytes(9, raw);
        });
        return value;
    }

    private void door(int field, String name, int... shape) {
        graph.message(field, v -> v.text(1, name).message(2, type -> type.message(1, tensor -> tensor.number(1, FLOAT).message(2, s -> {
            for (int extent : shape) s.message(1, extent < 0 ? d -> d.text(2, "n") : d -> d.number(1, extent));
        }))));
    }
}
