package dev.kiln.cli.report;

import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.schedule.Step;
import java.util.Locale;

/// What kind of kernel a step calls.
enum Form {
    TILE("blocks of a matrix product or convolution, in registers"),
    CHANNEL("the same where every channel has weights of its own (depthwise)"),
    WINOGRAD("convolutions by transforms, which take 36 multiplications for 144 (3×3) or 100 (5×5); --exact keeps them as they stand"),
    ROWS("functions of single elements, sums and norms, in one sweep over rows"),
    WINDOW("maxima over windows of an image"),
    MOVE("copies: doors, orders that no kernel reads as they are");

    private final String words;

    Form(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }

    static Form of(Step step) {
        Form form = MOVE;
        for (var key : step.keys()) {
            form = switch (key) {
                case TransformKey _ -> WINOGRAD;
                case TileKey _, PairKey _ -> form == WINOGRAD ? WINOGRAD : TILE;
                case ChannelKey _, SlideKey _ -> CHANNEL;
                case RowsKey _ -> ROWS;
                case WindowKey _ -> WINDOW;
            };
        }
        return form;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
