package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.schedule.LineChain.Member;
import dev.kiln.compiler.schedule.TileScheduler.Run;
import dev.kiln.compiler.type.Dim;
import java.util.Optional;
import java.util.function.IntFunction;

/// The tiles of one line of an image. The image and the line are variables of the driver; so is where the line stands in its strip.
/// @param from the strip that the first operand lies in, if the member before makes it
/// @param to   the strip that the result lies in, if the member behind reads it
record LineTiles(Member member, Optional<Storage> from, Optional<Storage> to) {
    static final IndexExpr IMAGE = IndexExpr.variable("image");
    static final IndexExpr LINE = IndexExpr.variable("line");
    /// The line counted from the first one that the strip makes of its own.
    static final IndexExpr HERE = IndexExpr.variable("here");

    boolean fixes(int axis) {
        return axis == member.image() || axis == member.line();
    }

    /// @param runs the strides along an axis
    Offsets offsets(IntFunction<Run> runs) {
        var line = runs.apply(member.line());
        var image = member.image() < 0 ? Optional.<Run>empty() : Optional.of(runs.apply(member.image()));
        return new Offsets(offset(from, image.map(Run::ofA), line.ofA()), offset(to, image.map(Run::ofC), line.ofC()), offset(Optional.empty(), image.map(Run::ofResidual), line.ofResidual()));
    }

    private static IndexExpr offset(Optional<Storage> strip, Optional<Dim> image, Dim line) {
        if (strip.isPresent()) return HERE.times(IndexExpr.size(line));
        var inImage = LINE.times(IndexExpr.size(line));
        return image.map(stride -> IMAGE.times(IndexExpr.size(stride)).plus(inImage)).orElse(inImage);
    }
}
