package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TableTest {
    private static List<Table.Line> read(char separator, String text) throws IOException {
        var table = new Table(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), separator);
        var lines = new ArrayList<Table.Line>();
        for (Optional<Table.Line> line = table.next(); line.isPresent(); line = table.next()) lines.add(line.get());
        return lines;
    }

    private static List<List<String>> cells(char separator, String text) throws IOException {
        return read(separator, text).stream().map(Table.Line::cells).toList();
    }

    @Test
    void quotesHoldSeparatorsLineEndsAndQuotes() throws IOException {
        assertEquals(List.of(List.of("a", "b,c", ""), List.of("say \"no\"\nnow", "d\"e")), cells(',', "\uFEFFa,\"b,c\",\r\n\n\"say \"\"no\"\"\nnow\",d\"e"));
        assertEquals(List.of(1, 3, 5), read(',', "a\n\n\"b\nb\"\nc").stream().map(Table.Line::number).toList());
        assertEquals("line 2: a cell begins with a quote that is never closed", assertThrows(IOException.class, () -> read(',', "a\n\"b\n")).getMessage());
    }

    @Test
    void tabsAloneSeparate() throws IOException {
        assertEquals(List.of(List.of("a, b", "\"c"), List.of("", "")), cells('\t', "a, b\t\"c\n\t\n"));
        assertEquals(List.of(), cells('\t', ""));
    }

    @Test
    void aHeadingHoldsNoNumber() throws IOException {
        assertTrue(read(',', "a,b").getFirst().isHeading());
        assertEquals(false, read(',', "a,1e3").getFirst().isHeading());
        assertTrue(Double.isNaN(Table.number("1f")) && Double.isNaN(Table.number("")) && Double.isNaN(Table.number("0x1p3")) && Double.isNaN(Table.number("Infinity")));
    }
}
