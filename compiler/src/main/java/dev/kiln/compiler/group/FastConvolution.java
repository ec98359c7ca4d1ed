package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.op.WinogradFilter;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Puts [Winograd] in the place of a convolution of stride 1 with 3 × 3 or 5 × 5 taps, forward or the gradient by its input, where that pays. It does with 32 channels and filters and more,
/// with four tiles and more, and while the 36 matrices stay within 40 MB (512 channels and filters), for they are streamed; and where its products and transforms cost at most two thirds of what they replace.
/// A function of static sizes alone: the bits depend neither on the machine nor on the number of images.
final class FastConvolution {
    private static final int FEWEST_CHANNELS = 32;
    private static final long MOST_BYTES = 40L << 20;
    private static final int PRODUCTS = 36;
    private static final int FEWEST_TILES = 4;
    private static final double LEAST_GAIN = 1.5;
    /// What a number costs that goes through a transform, in multiply-adds of a product.
    private static final int TRANSFORM = 12;
    private static final Set<Integer> TAPS = Set.of(3, 5);

    /// A spatial axis: `at + tap - before`, or with the taps the other way round.
    private record Slid(int dim, int at, int tap, int taps, boolean flips, int before) {}

    private FastConvolution() {}

    /// The same value, tile by tile; empty where it is something else or does not pay.
    static Optional<Value> of(Graph g, Contract c) {
        var roles = Roles.of(c, Optional.empty(), Set.of());
        if (roles.column() < 0 || roles.isChannel() || roles.rows().size() != 3 || roles.columns().size() != 1 || !roles.batches().isEmpty() || roles.reduces().size() != 3) return Optional.empty();
        var filter = roles.ofB().dims();
        if (filter.size() != 4 || roles.ofA().dims().size() != 4 || !filter.stream().allMatch(Affine::isAxis)) return Optional.empty();
        var slides = IntStream.range(0, 4).mapToObj(dim -> slid(roles, dim)).flatMap(Optional::stream).toList();
        if (slides.size() != 2 || slides.getFirst().taps != slides.getLast().taps) return Optional.empty();
        var down = slides.get(0);
        var across = slides.get(1);
        int channel = roles.reduces().stream().filter(r -> r != down.tap && r != across.tap).findFirst().orElse(-1);
        int image = roles.rows().stream().filter(r -> r != down.at && r != across.at).findFirst().orElse(-1);
        if (!isWhole(roles, channel) || !isWhole(roles, image) || !pays(roles, channel, down, across)) return Optional.empty();
        var places = List.of(dimOfB(roles, roles.column()), dimOfB(roles, channel), dimOfB(roles, down.tap), dimOfB(roles, across.tap));
        if (places.contains(-1)) return Optional.empty();
        var in = List.of(dimOfA(roles, image), dimOfA(roles, channel), down.dim, across.dim);
        var out = List.of(roles.out().indexOf(image), roles.out().indexOf(roles.column()), roles.out().indexOf(down.at), roles.out().indexOf(across.at));
        var u = g.add(new WinogradFilter(roles.b(), places, down.flips, across.flips));
        return Optional.of(g.add(new Winograd(roles.a(), u, down.taps, in, out, extent(roles, down.at), extent(roles, across.at), down.before, across.before)));
    }

    private static Optional<Slid> slid(Roles roles, int dim) {
        var index = roles.ofA().dims().get(dim);
        if (index.axes().size() != 2) return Optional.empty();
        int at = index.axes().stream().filter(roles.rows()::contains).findFirst().orElse(-1);
        int tap = index.axes().stream().filter(roles.reduces()::contains).findFirst().orElse(-1);
        boolean fits = at >= 0 && tap >= 0 && index.coefficient(at) == 1 && Math.abs(index.coefficient(tap)) == 1 && extent(roles, tap).isConstant() && TAPS.contains(extent(roles, tap).toInt());
        if (!fits) return Optional.empty();
        boolean flips = index.coefficient(tap) < 0;
        int taps = extent(roles, tap).toInt();
        return Optional.of(new Slid(dim, at, tap, taps, flips, flips ? taps - 1 - index.offset() : -index.offset()));
    }

    private static Dim extent(Roles roles, int axis) {
        return roles.axes().get(axis).extent();
    }

    private static int dimOfA(Roles roles, int axis) {
        return Roles.plainDim(roles.ofA(), axis);
    }

    private static int dimOfB(Roles roles, int axis) {
        return Roles.plainDim(roles.ofB(), axis);
    }

    /// Whether A is read along a dim that is this axis, from end to end.
    private static boolean isWhole(Roles roles, int axis) {
        int dim = axis < 0 ? -1 : dimOfA(roles, axis);
        return dim >= 0 && roles.a().type().dim(dim).equals(extent(roles, axis));
    }

    private static boolean pays(Roles roles, int channel, Slid down, Slid across) {
        var channels = extent(roles, channel);
        var filters = extent(roles, roles.column());
        if (!channels.isConstant() || !filters.isConstant() || !roles.b().type().shape().stream().allMatch(Dim::isConstant)) return false;
        long products = (long) PRODUCTS * channels.toInt() * filters.toInt();
        if (channels.toInt() < FEWEST_CHANNELS || filters.toInt() < FEWEST_CHANNELS || products * Float.BYTES > MOST_BYTES) return false;
        double ofTile = products + (double) TRANSFORM * PRODUCTS * (channels.toInt() + filters.toInt());
        double ofResult = (double) down.taps * across.taps * channels.toInt() * filters.toInt();
        int results = Winograd.results(down.taps);
        var height = extent(roles, down.at);
        var width = extent(roles, across.at);
        if (!height.isConstant() || !width.isConstant()) return LEAST_GAIN * ofTile <= ofResult * results * results;
        long tiles = (long) height.ceilDiv(Dim.of(results)).toInt() * width.ceilDiv(Dim.of(results)).toInt();
        return tiles >= FEWEST_TILES && LEAST_GAIN * ofTile * tiles <= ofResult * height.toInt() * width.toInt();
    }
}
