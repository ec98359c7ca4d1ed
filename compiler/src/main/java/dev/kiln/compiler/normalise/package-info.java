/// Contractions and composed operators in the forms that kernels compute.
package dev.kiln.compiler.normalise;
