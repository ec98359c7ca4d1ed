/// Gradient checks as JUnit tests, and arbitraries for jqwik.
package dev.kiln.testkit.junit;
