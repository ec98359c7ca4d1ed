package dev.kiln.compiler.driver;

import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.group.Arithmetic;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import java.util.List;
import java.util.Optional;

/// What every stage of one run may look at.
/// @param neighbours collects the files that `use ./…` brings in
/// @param network the network to compile where the file has several
record Compilation(SourceFile source, Library library, Optional<String> network, Arithmetic arithmetic, Problems problems, List<SourceFile> neighbours) {}
