package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Grouped;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.rewrite.Simplify;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a prediction computes one element at a time: contractions that slide and have no axis for the vector, or one of a single element.
final class Slow {
    private Slow() {}

    /// Where they stand in the text; empty for one that no line is known for.
    static List<Optional<Origin>> of(Program program) {
        var predict = program.entry("predict").orElseThrow();
        var alone = new Program(program.name(), program.line(), List.of(Normalise.of(Simplify.of(predict))), program.parameters(), program.dims(), program.checks(), program.vocabularies(), program.texts(), program.lengths());
        return Grouped.of(alone).entries().stream().flatMap(Slow::slow).distinct().toList();
    }

    private static Stream<Optional<Origin>> slow(Groups groups) {
        return groups.groups().stream().flatMap(group -> switch (group) {
            case Group.Tiled t when t.roles().isChannel() && t.roles().axes().get(t.roles().column()).extent().is(1) -> Stream.of(groups.entry().graph().origin(t.anchor()));
            case Group.Looped l -> slow(l.body());
            default -> Stream.empty();
        });
    }
}
