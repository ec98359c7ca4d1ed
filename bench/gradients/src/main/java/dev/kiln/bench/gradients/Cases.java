package dev.kiln.bench.gradients;

import dev.kiln.bench.gradients.Case.Peer;
import java.util.List;

/// The ten: what everybody should pass, what sits on a kink, what is wrong by much and by little, and what is hard for differences.
final class Cases {
    static final List<Case> ALL = List.of(
            new Case("tanh", true, layer("tanh"), Peer.TANH, false),
            new Case("relu at its kink", true, """
                    network Net() { in x: f32[N, 1]  out y = x |> Dense(1, bias: false) |> relu }
                    train Net { in t: f32[N, 1]  loss mse(y, t)  optimizer SGD(0.1) }
                    """, Peer.RELU, true),
            new Case("max pool, a tie", true, """
                    network Net() { in x: f32[N, 1, 1, 2]  h = x |> Conv2d(1, kernel: 1, bias: false)  y[n] = max(h[n, 0, 0, w] over w)  out z = y }
                    train Net { loss mean((z - 0.5)^2)  optimizer SGD(0.1) }
                    """, Peer.POOL, true),
            new Case("LSTM", true, """
                    network Net() { in x: f32[N, T, 2]  out y = x |> scan(LSTM(3)) }
                    train Net { loss mean(sin(y))  optimizer SGD(0.1) }
                    """, Peer.LSTM, false),
            new Case("sigmoid without (1 - σ)", false, "fn odd(x: f32[S..]) -> f32[S..] = 1 / (1 + exp(-x)) gradient(dy) { return dy * sigmoid(x) }\n" + layer("odd"), Peer.SIGMOID, false),
            new Case("square, half its slope", false, "fn odd(x: f32[S..]) -> f32[S..] = x * x gradient(dy) { return dy * x }\n" + layer("odd"), Peer.SQUARE, false),
            new Case("tanh, slope off by 1e-4", false, "fn odd(x: f32[S..]) -> f32[S..] = tanh(x) gradient(dy) { return dy * 1.0001 * (1 - tanh(x) * tanh(x)) }\n" + layer("odd"), Peer.NEARLY, false),
            new Case("sin(100000 x)", true, "fn wave(x: f32[S..]) -> f32[S..] = sin(100000 * x)\n" + layer("wave"), Peer.WAVE, false),
            new Case("x² beside 1e8", true, """
                    network Net() { in x: f32[N, 5]  h = x |> Dense(3, bias: false)  out y = h * h + 1e8 }
                    train Net { loss mean((y - 1e8)^2)  optimizer SGD(0.1) }
                    """, Peer.OFFSET, false),
            new Case("dropout", true, layer("Dropout(0.5)"), Peer.DROPOUT, false));

    private Cases() {}

    private static String layer(String activation) {
        return """
                network Net() { in x: f32[N, 5]  out y = x |> Dense(3, bias: false) |> %s }
                train Net { in t: f32[N, 3]  loss mse(y, t)  optimizer SGD(0.1) }
                """.formatted(activation);
    }
}
