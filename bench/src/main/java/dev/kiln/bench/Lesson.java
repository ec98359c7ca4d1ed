package dev.kiln.bench;

import java.util.List;

/// What a training step is given: a batch, the class of each of its rows, the weights to begin with, and the learning rate of plain gradient descent on the mean cross-entropy.
///
/// @param weights in the order of the `.nn` text
public record Lesson(Constant input, List<Integer> labels, int classes, List<Constant> weights, float rate) {
    public Lesson {
        labels = List.copyOf(labels);
        weights = List.copyOf(weights);
        if (labels.size() != input.extent(0)) throw new IllegalArgumentException(labels.size() + " labels for " + input.extent(0) + " rows");
    }

    /// 1 at the label of each row, 0 elsewhere.
    public Constant targets() {
        float[] targets = new float[labels.size() * classes];
        for (int row = 0; row < labels.size(); row++) targets[row * classes + labels.get(row)] = 1;
        return new Constant(targets, labels.size(), classes);
    }

    /// How far every weight has moved, one parameter after another: this is what contenders are compared by.
    /// @param now in the order and the shapes of the weights
    public float[] moved(List<Constant> now) {
        float[] moved = new float[weights.stream().mapToInt(w -> w.values().length).sum()];
        int at = 0;
        for (int p = 0; p < now.size(); p++) {
            float[] before = weights.get(p).values();
            float[] after = now.get(p).values();
            for (int i = 0; i < before.length; i++) moved[at++] = after[i] - before[i];
        }
        return moved;
    }
}
