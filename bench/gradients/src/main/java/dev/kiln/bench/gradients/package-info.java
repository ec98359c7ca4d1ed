/// Ten gradient checks by Kiln, Deeplearning4j and PyTorch side by side.
package dev.kiln.bench.gradients;
