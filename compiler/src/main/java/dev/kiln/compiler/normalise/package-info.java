/// Contractions and variances in the forms that kernels compute.
package dev.kiln.compiler.normalise;
