package dev.kiln.bench.onnx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// An ONNX model in memory: one float input `x`, one float output `y`, a chain of nodes. Numbers of fields are those of `onnx.proto3`.
public final class OnnxModel {
    private static final int FLOAT = 1;
    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;

    /// A node and its constants; its other input is what the node before it gives.
    private record Node(String operator, List<String> constants, Consumer<ProtoWriter> attributes) {}

    private final ProtoWriter graph = new ProtoWriter().text(2, "bench");
    private final List<Node> nodes = new ArrayList<>();
    private int constants;

    /// @param inputShape -1 is a size that each call may choose
    public OnnxModel(int... inputShape) {
        value(11, "x", inputShape);
    }

    /// `y = x·w`, w of [in, out].
    public OnnxModel matMul(float[] w, int in, int out) {
        return node("MatMul", List.of(constant(w, in, out)), _ -> {});
    }

    /// `y = x·w + b`.
    public OnnxModel gemm(float[] w, float[] b, int in, int out) {
        return node("Gemm", List.of(constant(w, in, out), constant(b, out)), _ -> {});
    }

    /// A square kernel [filters, channels, size, size], stride 1, the same pad on every side.
    public OnnxModel conv(float[] kernel, float[] b, int filters, int channels, int size, int pad) {
        return node("Conv", List.of(constant(kernel, filters, channels, size, size), constant(b, filters)), n -> {
            ints(n, "kernel_shape", size, size);
            ints(n, "pads", pad, pad, pad, pad);
        });
    }

    public OnnxModel relu() {
        return node("Relu", List.of(), _ -> {});
    }

    /// Over the last axis.
    public OnnxModel softmax() {
        return node("Softmax", List.of(), _ -> {});
    }

    /// The file. Nothing may be added after it.
    public byte[] toBytes(int... outputShape) {
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            String from = i == 0 ? "x" : "v" + i;
            String to = i == nodes.size() - 1 ? "y" : "v" + (i + 1);
            graph.message(1, n -> {
                n.text(1, from);
                node.constants.forEach(c -> n.text(1, c));
                n.text(2, to).text(4, node.operator);
                node.attributes.accept(n);
            });
        }
        value(12, "y", outputShape);
        return new ProtoWriter().number(1, IR_VERSION).text(2, "kiln-bench").bytes(7, graph.toBytes()).message(8, o -> o.text(1, "").number(2, OPSET)).toBytes();
    }

    private OnnxModel node(String operator, List<String> constants, Consumer<ProtoWriter> attributes) {
        nodes.add(new Node(operator, constants, attributes));
        return this;
    }

    private static void ints(ProtoWriter node, String name, int... values) {
        node.message(5, a -> {
            a.text(1, name);
            for (int v : values) a.number(8, v);
            a.number(20, 7);
        });
    }

    private String constant(float[] values, int... shape) {
        String name = "c" + constants++;
        var raw = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        raw.asFloatBuffer().put(values);
        graph.message(5, t -> {
            for (int extent : shape) t.number(1, extent);
            t.number(2, FLOAT).text(8, name).bytes(9, raw.array());
        });
        return name;
    }

    private void value(int field, String name, int... shape) {
        graph.message(field, v -> v.text(1, name).message(2, type -> type.message(1, tensor -> tensor.number(1, FLOAT).message(2, s -> {
            for (int extent : shape) s.message(1, extent < 0 ? d -> d.text(2, "n") : d -> d.number(1, extent));
        }))));
    }
}
