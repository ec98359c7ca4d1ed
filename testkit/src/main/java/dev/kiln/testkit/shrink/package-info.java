/// Making what fails small: a greedy search over candidates, and the candidates of `.nn` text and of arrays.
package dev.kiln.testkit.shrink;
