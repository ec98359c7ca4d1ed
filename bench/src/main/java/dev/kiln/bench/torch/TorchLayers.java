package dev.kiln.bench.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.kiln.bench.Constant;
import dev.kiln.bench.Gates;
import dev.kiln.bench.Layers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Layers as eager calls. The first pass through a network makes their parameters, in PyTorch's shapes and order; later passes find them again.
public final class TorchLayers implements Layers<NDArray> {
    /// Calls in the order of a network.
    @FunctionalInterface
    public interface Network {
        NDArray build(TorchLayers layers, NDArray x);
    }

    /// The parameters of one layer.
    ///
    /// @param inOurs gives them our shapes and order again
    private record Parameters(List<NDArray> theirs, UnaryOperator<List<Constant>> inOurs) {
        List<Constant> ours() {
            return inOurs.apply(theirs.stream().map(p -> new Constant(p.toFloatArray(), IntStream.range(0, p.getShape().dimension()).map(axis -> (int) p.getShape().get(axis)).toArray())).toList());
        }
    }

    private final NDManager manager;
    private final boolean learn;
    private final Iterator<Constant> weights;
    private final List<Parameters> layers = new ArrayList<>();
    private int next;

    /// @param manager of the parameters
    TorchLayers(NDManager manager, boolean learn, List<Constant> weights) {
        this.manager = manager;
        this.learn = learn;
        this.weights = weights.iterator();
    }

    NDArray pass(Network network, NDArray x) {
        next = 0;
        return network.build(this, x);
    }

    List<NDArray> parameters() {
        return layers.stream().flatMap(l -> l.theirs.stream()).toList();
    }

    /// What the weights are now, as ours.
    List<Constant> now() {
        return layers.stream().flatMap(l -> l.ours().stream()).toList();
    }

    private NDList parameters(int count, UnaryOperator<List<Constant>> inTheirs, UnaryOperator<List<Constant>> inOurs) {
        if (next == layers.size()) layers.add(new Parameters(inTheirs.apply(IntStream.range(0, count).mapToObj(_ -> weights.next()).toList()).stream().map(this::parameter).toList(), inOurs));
        return new NDList(layers.get(next++).theirs);
    }

    private NDArray parameter(Constant c) {
        NDArray parameter = Torch.array(manager, c);
        if (learn) parameter.setRequiresGradient(true);
        return parameter;
    }

    /// PyTorch keeps matrices [out, in].
    @Override
    public NDArray dense(NDArray x) {
        NDList p = parameters(2, ours -> List.of(ours.get(0).permuted(1, 0), ours.get(1)), theirs -> List.of(theirs.get(0).permuted(1, 0), theirs.get(1)));
        return x.getNDArrayInternal().linear(x, p.get(0), p.get(1)).singletonOrThrow();
    }

    @Override
    public NDArray relu(NDArray x) {
        return x.getNDArrayInternal().relu();
    }

    @Override
    public NDArray conv(NDArray x) {
        NDList p = parameters(2, ours -> ours, theirs -> theirs);
        return x.getNDArrayInternal().convolution(x, p.get(0), p.get(1), new Shape(1, 1), new Shape(2, 2), new Shape(1, 1), 1).singletonOrThrow();
    }

    @Override
    public NDArray pool(NDArray x) {
        return x.getNDArrayInternal().maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
    }

    @Override
    public NDArray flatten(NDArray x) {
        return x.reshape(x.getShape().get(0), -1);
    }

    /// Gates i f o g become i f g o; the second bias is zero, and no weight of ours.
    public NDArray lstm(NDArray x) {
        NDList p = parameters(3,
                ours -> List.of(ifgo(ours.get(0)).permuted(1, 0), ifgo(ours.get(1)).permuted(1, 0), ifgo(ours.get(2)), Gates.zeros(ours.get(2))),
                theirs -> List.of(ifgo(theirs.get(0).permuted(1, 0)), ifgo(theirs.get(1).permuted(1, 0)), ifgo(theirs.get(2))));
        try (NDArray zeros = zeros(x, p)) {
            return x.getNDArrayInternal().lstm(x, new NDList(zeros, zeros), p, true, 1, 0, learn, false, true).get(0);
        }
    }

    /// Is its own inverse.
    private static Constant ifgo(Constant c) {
        return Gates.ordered(c, 0, 1, 3, 2);
    }

    /// Gates r z and the candidate become r z n, z the other way round.
    public NDArray gru(NDArray x) {
        NDList p = parameters(7,
                ours -> List.of(
                        rzn(ours.get(0), ours.get(3)).permuted(1, 0), rzn(ours.get(1), ours.get(4)).permuted(1, 0), rzn(ours.get(2), ours.get(5)), rzn(Gates.zeros(ours.get(2)), ours.get(6))),
                theirs -> {
                    Constant w = theirs.get(0).permuted(1, 0);
                    Constant u = theirs.get(1).permuted(1, 0);
                    return List.of(rz(w), rz(u), rz(theirs.get(2)), n(w), n(u), n(theirs.get(2)), n(theirs.get(3)));
                });
        try (NDArray zeros = zeros(x, p)) {
            return x.getNDArrayInternal().gru(x, zeros, p, true, 1, 0, learn, false, true).get(0);
        }
    }

    private static Constant rzn(Constant rz, Constant n) {
        return Gates.joined(Gates.blocks(rz, 2, 0, 1), Gates.negated(Gates.blocks(rz, 2, 1, 2)), n);
    }

    private static Constant rz(Constant rzn) {
        return Gates.joined(Gates.blocks(rzn, 3, 0, 1), Gates.negated(Gates.blocks(rzn, 3, 1, 2)));
    }

    private static Constant n(Constant rzn) {
        return Gates.blocks(rzn, 3, 2, 3);
    }

    /// The first state: `[layers, batch, units]`.
    private static NDArray zeros(NDArray x, NDList parameters) {
        return x.getManager().zeros(new Shape(1, x.getShape().get(0), parameters.get(1).getShape().get(1)));
    }

    /// Of `[batch, time, features]`.
    public NDArray meanOverTime(NDArray x) {
        return x.mean(new int[] {1});
    }
}
