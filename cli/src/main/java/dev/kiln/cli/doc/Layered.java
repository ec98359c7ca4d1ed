package dev.kiln.cli.doc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/// Where the boxes of a flow stand: in layers from top to bottom, each below everything it reads; in a layer in an order with few crossings (barycentres of the neighbours,
/// swept down and up); across as near to the middle of its neighbours as the boxes beside it allow. Sugiyama et al. 1981.
final class Layered {
    private static final int SWEEPS = 8;
    private static final double GAP = 18;

    /// A place in a layer: a box, or where an arrow passes through (box -1).
    static final class Node {
        final int box;
        final int layer;
        final double width;
        final List<Node> above = new ArrayList<>();
        final List<Node> below = new ArrayList<>();
        double x;
        private double order;

        private Node(int box, int layer, double width) {
            this.box = box;
            this.layer = layer;
            this.width = width;
        }
    }

    /// An arrow as the places it runs through.
    record Route(List<Node> nodes) {}

    final List<List<Node>> layers = new ArrayList<>();
    final List<Route> routes = new ArrayList<>();
    final double width;

    /// @param widths of the boxes
    Layered(Flow flow, double... widths) {
        int[] depth = depths(flow);
        Node[] nodes = new Node[widths.length];
        for (int i = 0; i < widths.length; i++) nodes[i] = node(i, depth[i], widths[i]);
        for (Flow.Arrow arrow : flow.arrows) {
            List<Node> route = new ArrayList<>(List.of(nodes[arrow.from()]));
            for (int l = depth[arrow.from()] + 1; l < depth[arrow.to()]; l++) route.add(node(-1, l, 0));
            route.add(nodes[arrow.to()]);
            for (int i = 1; i < route.size(); i++) {
                route.get(i - 1).below.add(route.get(i));
                route.get(i).above.add(route.get(i - 1));
            }
            routes.add(new Route(route));
        }
        for (int s = 0; s < SWEEPS; s++) order(s % 2 == 0);
        for (int s = 0; s < SWEEPS; s++) place(s % 2 == 0);
        double left = layers.stream().flatMap(List::stream).mapToDouble(n -> n.x - n.width / 2).min().orElse(0);
        layers.forEach(layer -> layer.forEach(n -> n.x -= left));
        width = layers.stream().flatMap(List::stream).mapToDouble(n -> n.x + n.width / 2).max().orElse(0);
    }

    private Node node(int box, int layer, double width) {
        while (layers.size() <= layer) layers.add(new ArrayList<>());
        Node node = new Node(box, layer, width);
        layers.get(layer).add(node);
        return node;
    }

    /// A box stands one below the lowest that it reads; a source right above its first reader.
    private static int[] depths(Flow flow) {
        int[] depth = new int[flow.boxes.size()];
        List<Flow.Arrow> arrows = flow.arrows.stream().sorted(Comparator.comparingInt(Flow.Arrow::to)).toList();
        for (Flow.Arrow arrow : arrows) depth[arrow.to()] = Math.max(depth[arrow.to()], depth[arrow.from()] + 1);
        boolean[] reads = new boolean[depth.length];
        int[] first = new int[depth.length];
        Arrays.fill(first, Integer.MAX_VALUE);
        for (Flow.Arrow arrow : arrows) {
            reads[arrow.to()] = true;
            first[arrow.from()] = Math.min(first[arrow.from()], depth[arrow.to()]);
        }
        for (int i = 0; i < depth.length; i++) if (!reads[i] && first[i] < Integer.MAX_VALUE) depth[i] = first[i] - 1;
        return depth;
    }

    /// Sorts every layer by the middle of its neighbours in the layer before (going down) or behind.
    private void order(boolean down) {
        for (int i = 0; i < layers.size(); i++) {
            List<Node> layer = layers.get(down ? i : layers.size() - 1 - i);
            for (int k = 0; k < layer.size(); k++) {
                Node node = layer.get(k);
                double own = k;
                node.order = (down ? node.above : node.below).stream().mapToDouble(n -> layers.get(n.layer).indexOf(n)).average().orElse(own);
            }
            layer.sort(Comparator.comparingDouble(n -> n.order));
        }
    }

    /// Moves every layer to the middle of its neighbours; those that would overlap are pushed apart by half to each side.
    private void place(boolean down) {
        for (int i = 0; i < layers.size(); i++) {
            List<Node> layer = layers.get(down ? i : layers.size() - 1 - i);
            double[] wanted = layer.stream().mapToDouble(n -> (down ? n.above : n.below).stream().mapToDouble(m -> m.x).average().orElse(n.x)).toArray();
            double[] right = wanted.clone();
            for (int k = 1; k < right.length; k++) right[k] = Math.max(right[k], right[k - 1] + apart(layer, k));
            double[] left = wanted.clone();
            for (int k = left.length - 2; k >= 0; k--) left[k] = Math.min(left[k], left[k + 1] - apart(layer, k + 1));
            for (int k = 0; k < right.length; k++) layer.get(k).x = (left[k] + right[k]) / 2;
        }
    }

    private static double apart(List<Node> layer, int k) {
        return (layer.get(k - 1).width + layer.get(k).width) / 2 + GAP;
    }
}
