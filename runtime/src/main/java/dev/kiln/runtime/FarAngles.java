package dev.kiln.runtime;

/// Sine and cosine of angles so large that kernels cannot take the whole turns out of them with a few parts of π. In double this is exact for every float
/// (Payne and Hanek: "Radian reduction for trigonometric functions", 1983), and the same on every machine.
public final class FarAngles {
    private FarAngles() {}

    public static float sin(float x) {
        return (float) StrictMath.sin(x);
    }

    public static float cos(float x) {
        return (float) StrictMath.cos(x);
    }

    /// Each element by its sine, in place.
    public static float[] sin(float[] lanes) {
        for (int i = 0; i < lanes.length; i++) lanes[i] = sin(lanes[i]);
        return lanes;
    }

    public static float[] cos(float[] lanes) {
        for (int i = 0; i < lanes.length; i++) lanes[i] = cos(lanes[i]);
        return lanes;
    }
}
