package dev.kiln.compiler.schedule;

import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Roles;
import java.util.List;
import java.util.stream.IntStream;

/// Contractions that follow each other, each of which reads a few lines of the images that the one before makes. They run strip by strip: a few lines of the last result, and of
/// every other as many as these read and the strip before has not made yet. What passes from one to the next has room for the lines of a strip in the worker's scratch.
///
/// A task makes a *band* of each image's lines. Where it begins, it makes again what the windows share with the band above.
/// @param first number of the first of the groups
record LineChain(int first, List<Member> members) {
    /// Floats of all strips together, a part of a cache of the second level.
    private static final int CACHE = 1 << 16;
    /// Floats that strips of two lines may take: moving what neighbours share then costs half of what it does after each line.
    private static final int CACHE_OF_TWO = 5 << 15;
    private static final int MOST_BANDS = 8;
    /// Lines of a hundred that may be made twice.
    private static final int MOST_AGAIN = 4;

    /// A contraction and how it reads what the one before makes: line `l` of its result reads `window` lines from line `l·step - above` on, those outside of the image being zero.
    /// @param image the axis of the contraction that goes through images, -1 where there is one
    /// @param line  the axis that goes through the lines of its result
    record Member(Group.Tiled group, int image, int line, int step, int above, int window) {
        /// The first of a chain, which may read what it likes.
        static Member first(Group.Tiled group, int image, int line) {
            return new Member(group, image, line, 1, 0, 1);
        }

        Roles roles() {
            return group.roles();
        }

        int lines() {
            return roles().axes().get(line).extent().toInt();
        }

        /// The dim of its result that is lines.
        int dim() {
            return roles().out().indexOf(line);
        }

        /// Lines that two neighbouring windows share.
        int shared() {
            return window - step;
        }
    }

    LineChain {
        members = List.copyOf(members);
    }

    int end() {
        return first + members.size();
    }

    Member last() {
        return members.getLast();
    }

    /// Lines of a member's result that a band makes before the first of its own.
    int before(int member) {
        return member == members.size() - 1 ? 0 : front(member) + members.get(member + 1).shared();
    }

    /// Those of them that only the reader's own lines before its first need.
    int front(int member) {
        return before(member + 1) * members.get(member + 1).step();
    }

    /// Lines of a member's result for so many of the last.
    int lines(int member, int ofLast) {
        return IntStream.range(member + 1, members.size()).map(i -> members.get(i).step()).reduce(ofLast, Math::multiplyExact);
    }

    /// Lines of a member's result that there is room for.
    int room(int member, int ofLast) {
        return before(member) + lines(member, ofLast);
    }

    /// How many floats the strips take.
    /// @param lengths of a line of each member's result
    int floats(List<Integer> lengths, int ofLast) {
        return IntStream.range(0, members.size() - 1).map(i -> room(i, ofLast) * lengths.get(i)).sum();
    }

    /// The lines of the last result that make a strip: as many as the cache holds, one at least, two where they take [#CACHE_OF_TWO] at most.
    int strip(List<Integer> lengths) {
        int lines = 1;
        while (lines < band() && floats(lengths, lines + 1) <= (lines == 1 ? CACHE_OF_TWO : CACHE)) lines++;
        return lines;
    }

    /// The lines of the last result that make a band; the last one may have less.
    int band() {
        int again = before(0);
        int most = again == 0 ? MOST_BANDS : Math.min(MOST_BANDS, 1 + members.getFirst().lines() * MOST_AGAIN / (100 * again));
        return (last().lines() + most - 1) / most;
    }

    int bands() {
        return (last().lines() + band() - 1) / band();
    }
}
