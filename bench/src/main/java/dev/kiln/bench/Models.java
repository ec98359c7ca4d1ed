package dev.kiln.bench;

import dev.kiln.bench.tensorflow.TensorFlowPeer;
import dev.kiln.bench.torch.TorchBatchNorm;
import dev.kiln.bench.torch.TorchLayerNorm;
import dev.kiln.bench.torch.TorchLayers;
import dev.kiln.bench.torch.TorchNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The contenders of the items that predict.
final class Models {
    private Models() {}

    /// An n x n matrix times a constant one.
    static List<Contender> gemm(Settings settings, int n) {
        var subject = new Subject(settings, "gemm_" + n + ".nn", n, n);
        double flops = 2.0 * n * n * n;
        var tensorFlow = TensorFlowPeer.product(settings.threads(), flops, subject.input, subject.learned().getFirst());
        return withPeaks(subject.ours(flops, true, n, n), subject.onnx(Networks::product, flops, n, n), tensorFlow);
    }

    /// One convolution of one image, each in the order it likes best: ours channels last, the peer's channels first.
    static List<Contender> convolution(Settings settings, String file, int size, int channels, int filters, double flops, Subject.Builder network) {
        return convolution(new Subject(settings, file, 1, size, size, channels), size, filters, flops, network);
    }

    /// The same without transforms.
    static List<Contender> exactConvolution(Settings settings, String file, int size, int channels, int filters, double flops, Subject.Builder network) {
        return convolution(new Subject(settings, true, file, 1, size, size, channels), size, filters, flops, network);
    }

    private static List<Contender> convolution(Subject subject, int size, int filters, double flops, Subject.Builder network) {
        Contender peer = subject.onnx(network, flops, subject.input.permuted(0, 3, 1, 2), new int[] {1, filters, size, size}, y -> new Constant(y, 1, filters, size, size).permuted(0, 2, 3, 1).values());
        return withPeaks(subject.ours(flops, true, 1, size, size, filters), peer);
    }

    /// 3x3, 64 channels to 64, with channels first at both doors, as a caller of the library's layer sees it.
    static List<Contender> convolutionBetweenDoors(Settings settings) {
        var subject = new Subject(settings, "conv_nchw.nn", 1, 64, 56, 56);
        double flops = 2.0 * 9 * 64 * 64 * 56 * 56;
        return withPeaks(subject.ours(flops, true, 1, 64, 56, 56), subject.onnx((n, x) -> n.conv(x, 1, 1), flops, 1, 64, 56, 56));
    }

    private static List<Contender> withPeaks(List<Contender> ours, Contender... peers) {
        return Stream.of(ours, List.of(peers), Subject.peaks()).flatMap(List::stream).toList();
    }

    /// The norm of a batch as training computes it, forward: statistics of the batch, then the norm. Ours and TensorFlow keep channels last, PyTorch first.
    static List<Contender> batchNorm(Settings settings) {
        int n = 32;
        int c = 64;
        int size = 56;
        var subject = new Subject(settings, "bntrain.nn", n, size, size, c);
        List<Contender> all = new ArrayList<>(subject.ours(0, false, n, size, size, c));
        Constant gamma = subject.learned().getFirst();
        Constant beta = subject.learned().getLast();
        all.add(TensorFlowPeer.batchNorm(settings.threads(), subject.input, gamma, beta));
        all.add(new TorchBatchNorm(settings.threads(), subject.input, gamma, beta));
        return all;
    }

    /// The norm of each row. ONNX Runtime takes some 18 cycles an element here, so PyTorch is asked, too.
    static List<Contender> layerNorm(Settings settings, int rows, int columns) {
        var subject = new Subject(settings, "layernorm.nn", rows, columns);
        List<Contender> all = new ArrayList<>(subject.ours(0, false, rows, columns));
        all.add(subject.onnx(Networks::layerNorm, 0, rows, columns));
        all.add(new TorchLayerNorm(settings.threads(), subject.input, subject.learned().getFirst(), subject.learned().getLast()));
        return all;
    }

    /// A whole network, or an operator that does not live on multiplications.
    static List<Contender> network(Settings settings, String file, int[] inputShape, int[] outputShape, double flops, Subject.Builder network) {
        var subject = new Subject(settings, file, inputShape);
        List<Contender> all = new ArrayList<>(subject.ours(flops, false, outputShape));
        all.add(subject.onnx(network, flops, outputShape));
        return all;
    }

    /// A recurrent network over `[batch, time, features]`; ONNX Runtime has time first.
    /// @param shape of the input
    static List<Contender> sequences(Settings settings, String file, int[] shape, int units, double flops, Subject.Builder network, TorchLayers.Network torch) {
        var subject = new Subject(settings, file, shape);
        int[] timeFirst = {shape[1], shape[0], units};
        List<Contender> all = new ArrayList<>(subject.ours(flops, false, shape[0], shape[1], units));
        all.add(subject.onnx(network, flops, subject.input.permuted(1, 0, 2), timeFirst, y -> new Constant(y, timeFirst).permuted(1, 0, 2).values()));
        all.add(new TorchNetwork(settings.threads(), flops, subject.input, subject.learned(), torch));
        return all;
    }
}
