package dev.kiln.examples;

import birdstrikes.BirdStrikes;
import java.util.List;

/// A goose and a starling meet the same aircraft: how likely is damage?
public final class EstimateDamage {
    private EstimateDamage() {}

    public static void main(String[] arguments) {
        try (BirdStrikes network = BirdStrikes.load()) {
            System.out.printf("goose     %.3f%n", damage(network, "goose", "large"));
            System.out.printf("starling  %.3f%n", damage(network, "starling", "small"));
        }
    }

    /// By day in climb at the usual speed; the columns are those of `strikes.csv.gz` behind the first.
    private static float damage(BirdStrikes network, String bird, String size) {
        List<String> columns = List.of(DeriveStrikes.header().split(",")).subList(1, 49);
        float[] strike = new float[columns.size()];
        for (String name : List.of("speed_known", "climb", "day", "b", bird, size)) {
            strike[columns.indexOf(name)] = 1;
        }
        return network.predict(strike).probability().get(0, 0);
    }
}
