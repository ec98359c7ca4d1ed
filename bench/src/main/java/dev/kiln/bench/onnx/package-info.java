/// ONNX Runtime as a peer.
package dev.kiln.bench.onnx;
