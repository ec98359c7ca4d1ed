/// PyTorch, through DJL.
package dev.kiln.bench.torch;
