/// The kernel forms as data. A [KernelKey] says all that a kernel class depends on; what its `run` takes is written at each key.
package dev.kiln.compiler.kernel;
