package dev.kiln.runtime;

/// The chance of one parameter's initialiser: draw `round` of element `e` is the image of counter `(e, round)`.
final class Draws {
    private final int key0;
    private final int key1;

    Draws(long seed, String name) {
        int place = Threefry.place(name);
        key0 = Threefry.key0(seed, 0, place);
        key1 = Threefry.key1(seed, 0, place);
    }

    double uniform(long element, int round) {
        return Threefry.unit(Threefry.word0(key0, key1, (int) element, round));
    }

    /// Box and Muller 1958, in StrictMath so that every machine gives the same bits. The first number lies in (0, 1].
    double normal(long element, int round) {
        double radius = 1 - Threefry.unit(Threefry.word0(key0, key1, (int) element, round));
        double turn = Threefry.unit(Threefry.word1(key0, key1, (int) element, round));
        return StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * Math.PI * turn);
    }
}
