package dev.kiln.bench;

import dev.kiln.bench.torch.TorchLayers;
import java.util.List;
import java.util.stream.Stream;

/// All that can be measured, in the order of the table.
final class Items {
    static final List<Item> ALL = Stream.of(
                    List.<Item>of(new SideBySide("peak512", _ -> peak(512)), new SideBySide("peak256", _ -> peak(256)), new TileSpeed("tiles")),
                    operators(),
                    networks(),
                    learning(),
                    starts())
            .flatMap(List::stream)
            .toList();

    private Items() {}

    private static List<Contender> peak(int width) {
        if (!Peak.has(width)) throw new BenchException("this machine has no vectors of " + width + " bit");
        return List.of(new Peak(width));
    }

    private static List<Item> operators() {
        return List.of(
                new SideBySide("gemm_512", s -> Models.gemm(s, 512)),
                new SideBySide("gemm_1024", s -> Models.gemm(s, 1024)),
                new SideBySide("conv3x3_64_56", s -> Models.convolution(s, "conv.nn", 56, 64, 64, 2.0 * 9 * 64 * 64 * 56 * 56, (n, x) -> n.conv(x, 1, 1))),
                new SideBySide("conv3x3_64_56_exact", s -> Models.exactConvolution(s, "conv.nn", 56, 64, 64, 2.0 * 9 * 64 * 64 * 56 * 56, (n, x) -> n.conv(x, 1, 1))),
                new SideBySide("conv3x3_64_56_nchw", Models::convolutionBetweenDoors),
                new SideBySide("conv1x1_256_64_56", s -> Models.convolution(s, "conv1x1.nn", 56, 256, 64, 2.0 * 256 * 64 * 56 * 56, (n, x) -> n.conv(x, 1, 0))),
                new SideBySide("dwconv3x3_512_14", s -> Models.convolution(s, "depthwise.nn", 14, 512, 512, 2.0 * 9 * 512 * 14 * 14, Networks::depthwise)),
                operator("softmax_32x1000", "softmax.nn", 32, 1000, (n, x) -> n.model().softmax(x)),
                new SideBySide("layernorm_128x768", s -> Models.layerNorm(s, 128, 768)),
                operator("gelu_128x1536", "gelu.nn", 128, 1536, (n, x) -> n.model().gelu(x)),
                new SideBySide("bntrain_32x64x56x56", Models::batchNorm),
                operator("call_16", "call.nn", 1, 16, (n, x) -> n.model().relu(x)));
    }

    private static Item operator(String name, String file, int rows, int columns, Subject.Builder network) {
        int[] shape = {rows, columns};
        return new SideBySide(name, s -> Models.network(s, file, shape, shape, 0, network));
    }

    private static List<Item> networks() {
        return Stream.of(
                        batches("mlp", new int[] {784}, new int[] {10}, 2.0 * (784 * 512 + 512 * 256 + 256 * 10), Networks::mlp),
                        batches("lenet", new int[] {1, 28, 28}, new int[] {10}, 2.0 * (25 * 32 * 784 + 25 * 32 * 64 * 196 + 3136 * 1024 + 1024 * 10), Networks::lenet),
                        sequences("lstm", 4, Networks::lstm, TorchLayers::lstm),
                        sequences("gru", 3, Networks::gru, TorchLayers::gru),
                        batches("encoder", new int[] {128, 384}, new int[] {128, 384}, 2.0 * 128 * (4 * 384 * 384 + 2 * 384 * 1536 + 2 * 128 * 384), Networks::encoder),
                        batches("resnet18", new int[] {3, 224, 224}, new int[] {1000}, 3.628e9, Networks::resnet18),
                        batches("resnet50", new int[] {3, 224, 224}, new int[] {1000}, 8.178e9, Networks::resnet50),
                        batches("mobilenetv2", new int[] {3, 224, 224}, new int[] {1000}, 0.6015e9, Networks::mobilenet))
                .flatMap(List::stream)
                .toList();
    }

    private static List<Item> learning() {
        return List.of(
                new SideBySide("train_mlp_b64", s -> Learning.step(s, "train_mlp.nn", Layers::mlp, 784)),
                new SideBySide("train_lenet_b64", s -> Learning.step(s, "train_lenet.nn", Layers::lenet, 1, 28, 28)),
                new SideBySide("train_lstm_b32", s -> Learning.sequences(s, "train_lstm.nn", TorchLayers::lstm)),
                new SideBySide("train_gru_b32", s -> Learning.sequences(s, "train_gru.nn", TorchLayers::gru)));
    }

    private static List<Item> starts() {
        return List.of(
                new ColdStart("cold_digits", "examples/digits/digits.nn", List.of(1, 28, 28)),
                new ColdStart("cold_mlp", "bench/models/mlp.nn", List.of(784)),
                new ColdStart("cold_resnet50", "bench/models/resnet50.nn", List.of(3, 224, 224)),
                new CompileTime("compile"),
                new Callers("callers", 64));
    }

    /// One sample, and 32.
    /// @param flops of one sample
    private static List<Item> batches(String name, int[] inputShape, int[] outputShape, double flops, Subject.Builder network) {
        return Stream.of(1, 32)
                .<Item>map(n -> new SideBySide(name + "_b" + n, s -> Models.network(s, name + ".nn", of(n, inputShape), of(n, outputShape), n * flops, network)))
                .toList();
    }

    /// 64 steps of 128 features, 256 units.
    /// @param gates products of a step
    private static List<Item> sequences(String name, int gates, Subject.Builder network, TorchLayers.Network torch) {
        return Stream.of(1, 32)
                .<Item>map(n -> new SideBySide(name + "_b" + n, s -> Models.sequences(s, name + ".nn", new int[] {n, 64, 128}, 256, 2.0 * n * 64 * (128 + 256) * 256 * gates, network, torch)))
                .toList();
    }

    private static int[] of(int batch, int... shape) {
        int[] all = new int[shape.length + 1];
        all[0] = batch;
        System.arraycopy(shape, 0, all, 1, shape.length);
        return all;
    }
}
