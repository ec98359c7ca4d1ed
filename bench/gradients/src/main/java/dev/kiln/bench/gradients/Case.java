package dev.kiln.bench.gradients;

/// One gradient, right or wrong. The same function stands in `torch_cases.py` under the same name.
/// @param network what Kiln reads
/// @param peer    what Deeplearning4j reads
/// @param still   whether all weights are zero, where the function has its kink
record Case(String name, boolean right, String network, Peer peer, boolean still) {
    /// A network of Deeplearning4j by what is special in it.
    enum Peer { TANH, RELU, POOL, LSTM, SIGMOID, SQUARE, NEARLY, WAVE, OFFSET, DROPOUT }
}
