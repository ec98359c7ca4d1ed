/// Kiln beside its peers, in rounds on one machine.
package dev.kiln.bench;
