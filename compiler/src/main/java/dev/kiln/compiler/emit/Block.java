package dev.kiln.compiler.emit;

import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.Optional;

/// The part of a tile that the registers of a width hold at once: so many rows and columns of the result.
public record Block(int rows, int columns) {
    /// The highest block that a tile is covered with; empty for kernels of other forms.
    public static Optional<Block> of(KernelKey key, Width width) {
        return switch (key) {
            case TileKey tile -> Optional.of(new TileEmitter(tile, width).block());
            case ChannelKey channel -> Optional.of(new ChannelEmitter(channel, width).block());
            case SlideKey slide -> Optional.of(new SlideEmitter(slide, width).block());
            default -> Optional.empty();
        };
    }

    @Override
    public String toString() {
        return rows + "x" + columns;
    }
}
