/// Gradients held against differences, forward mode and laws: verdicts with an error budget, kinks that are known, blame, diagnosis, shrinking.
package dev.kiln.testkit.gradient;
