package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody;
import dev.kiln.compiler.kernel.RowsKey;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.Store;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.type.DType;
import dev.kiln.runtime.Width;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One listing of each form at two widths, as a person reads it.
class ListingTest {
    private static final Path LISTINGS = Path.of("src/test/resources/listings");

    record Golden(String file, KernelKey key, Width width) {}

    static Stream<Golden> goldens() {
        var body = new RowsBody(
                List.of(Port.stream(DType.f32), Port.stream(DType.f32)),
                List.of(new Node.Read(0), new Node.RowReduce(Node.Reduction.SUM, 0), new Node.Apply(Functions.DIV, List.of(0, 1))),
                List.of(new Store(2, 1)));
        return Stream.of(
                new Golden("tile-512.txt", TileKey.of(2, 32, Start.BIAS, Act.RELU), Width.W512),
                new Golden("tile-256.txt", TileKey.of(7, 16, Start.ZERO, Act.NONE), Width.W256),
                new Golden("tile-1.txt", TileKey.of(2, 32, Start.BIAS, Act.RELU), Width.W1),
                new Golden("rows-256.txt", new RowsKey(body), Width.W256),
                new Golden("rows-1.txt", new RowsKey(body), Width.W1),
                new Golden("window-512.txt", new WindowKey(WindowKey.Kind.MAX, false), Width.W512),
                new Golden("transform-256.txt", TransformKey.output(3, Start.BIAS, Act.RELU), Width.W256),
                new Golden("channel-512.txt", new ChannelKey(2, 16, Optional.of(new ChannelKey.Taps(3, 1, 1)), Start.BIAS, Act.NONE), Width.W512),
                new Golden("slide-512.txt", new SlideKey(2, 2, new ChannelKey.Taps(3, 1, 1), Start.BIAS, Act.NONE), Width.W512),
                new Golden("slide-256.txt", new SlideKey(2, 2, new ChannelKey.Taps(3, 1, 1), Start.BIAS, Act.NONE), Width.W256));
    }

    @ParameterizedTest
    @MethodSource("goldens")
    void listingReadsAsBefore(Golden golden) throws IOException {
        String listing = "// " + golden.key + "\n" + KernelEmitter.emit(golden.key, golden.width, "model").stream().map(GeneratedClass::listing).collect(Collectors.joining("\n"));
        Path file = LISTINGS.resolve(golden.file);
        if ("bless".equals(System.getProperty("golden"))) {
            Files.createDirectories(LISTINGS);
            Files.writeString(file, listing);
        }
        assertTrue(Files.exists(file), file + " is missing. To write it: mvn test -Dgolden=bless");
        assertEquals(Files.readString(file), listing, file + " differs. If the new text is right: mvn test -Dgolden=bless");
    }
}
