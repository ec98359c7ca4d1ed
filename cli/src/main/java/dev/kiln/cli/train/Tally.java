package dev.kiln.cli.train;

import java.util.LinkedHashMap;
import java.util.Map;

/// Pools scores over rows: a batch of 7 rows counts 7, so the last, smaller batch distorts nothing.
public final class Tally {
    private final Map<String, Double> sums = new LinkedHashMap<>();
    private long rows;

    public void add(Scores scores, int batchRows) {
        scores.values().forEach((name, value) -> sums.merge(name, value * batchRows, Double::sum));
        rows += batchRows;
    }

    public Scores scores() {
        if (rows == 0) {
            throw new IllegalStateException("no rows to score");
        }
        Map<String, Double> means = new LinkedHashMap<>();
        sums.forEach((name, sum) -> means.put(name, sum / rows));
        return new Scores(means);
    }
}
