/// From the tree to the typed graph: names, settings, dims and index notation end here, and each entry is elaborated with its mode fixed.
package dev.kiln.compiler.check;
