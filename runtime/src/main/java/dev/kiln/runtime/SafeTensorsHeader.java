package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The header of a safetensors file: what it holds, in the order of the payload, without holes or overlaps.
record SafeTensorsHeader(String where, List<Item> items, Map<String, String> metadata) {
    private static final String METADATA = "__metadata__";
    /// A longer header is a foreign file, not a network.
    private static final int LIMIT = 100_000_000;

    record Item(String name, List<Integer> shape, long begin, long end) {
        int elements() {
            return (int) ((end - begin) / 4);
        }

        int[] shapeArray() {
            return shape.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    /// @param length of the whole file, -1 if unknown
    static SafeTensorsHeader read(String where, InputStream in, long length) throws IOException {
        byte[] first = in.readNBytes(8);
        if (first.length < 8) throw new WeightsException(where + ": " + first.length + " bytes are no safetensors file");
        long size = ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (size < 2 || size > LIMIT) throw new WeightsException(where + ": not a safetensors file (its header would have " + Long.toUnsignedString(size) + " bytes)");
        if (length >= 0 && 8 + size > length) throw new WeightsException(where + ": truncated, or not a safetensors file: a header of " + size + " bytes in a file of " + length);
        byte[] text = in.readNBytes((int) size);
        if (text.length < size) throw new WeightsException(where + ": truncated in its header");
        SafeTensorsHeader header;
        try {
            header = parse(where, StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
        } catch (Json.Malformed | CharacterCodingException e) {
            throw new WeightsException(where + ": not a safetensors file: its header is wrong: " + e.getMessage(), e);
        }
        long end = 8 + size + (header.items.isEmpty() ? 0 : header.items.getLast().end);
        if (length >= 0 && length != end) throw new WeightsException(where + ": " + (length < end ? "truncated" : "too long") + ": " + length + " bytes, its header describes " + end);
        return header;
    }

    private static SafeTensorsHeader parse(String where, String text) throws Json.Malformed {
        if (!text.startsWith("{")) throw new Json.Malformed("it does not begin with '{'");
        List<Item> items = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        for (var member : JsonReader.read(text).asObject().members().entrySet()) {
            var value = member.getValue().asObject();
            if (member.getKey().equals(METADATA)) {
                for (var m : value.members().entrySet()) metadata.put(m.getKey(), m.getValue().asString());
            } else {
                items.add(item(where, member.getKey(), value));
            }
        }
        items.sort(Comparator.comparingLong(Item::begin).thenComparingLong(Item::end));
        long at = 0;
        for (Item item : items) {
            if (item.begin != at) throw new Json.Malformed("tensor '" + item.name + "' begins at byte " + item.begin + " of the payload instead of " + at);
            at = item.end;
        }
        return new SafeTensorsHeader(where, items, metadata);
    }

    private static Item item(String where, String name, Json.Obj value) throws Json.Malformed {
        String type = value.get("dtype").asString();
        if (!type.equals("F32")) throw new WeightsException(where + ": tensor '" + name + "': expected dtype F32, found " + type);
        List<Integer> shape = new ArrayList<>();
        long elements = 1;
        for (Json extent : value.get("shape").asList()) {
            shape.add(extent.asInt());
            elements *= extent.asInt();
            if (elements > Alignment.LIMIT) throw new WeightsException(where + ": tensor '" + name + "' is too large: shape " + value.get("shape"));
        }
        List<Json> offsets = value.get("data_offsets").asList();
        if (offsets.size() != 2) throw new Json.Malformed("tensor '" + name + "' needs two offsets");
        if (value.members().size() != 3) throw new Json.Malformed("tensor '" + name + "' has members other than dtype, shape and data_offsets");
        long begin = offsets.get(0).asCount();
        long end = offsets.get(1).asCount();
        if (end - begin != 4 * elements) throw new Json.Malformed("tensor '" + name + "' of shape " + shape + " takes " + 4 * elements + " bytes, its offsets say " + (end - begin));
        return new Item(name, shape, begin, end);
    }

    /// The header as bytes, its length before it; padded with spaces so that the payload begins at a multiple of eight.
    static byte[] bytes(Map<String, Tensor> tensors, Map<String, String> metadata) {
        Map<String, Json> members = new LinkedHashMap<>();
        Map<String, Json> texts = new LinkedHashMap<>();
        metadata.forEach((k, v) -> texts.put(k, new Json.Str(v)));
        members.put(METADATA, new Json.Obj(texts));
        long at = 0;
        for (var e : tensors.entrySet()) {
            Map<String, Json> item = new LinkedHashMap<>();
            List<Json> shape = new ArrayList<>();
            for (int extent : e.getValue().shape()) shape.add(Json.number((long) extent));
            long end = at + 4L * e.getValue().size();
            item.put("dtype", new Json.Str("F32"));
            item.put("shape", new Json.Arr(shape));
            item.put("data_offsets", new Json.Arr(List.of(Json.number(at), Json.number(end))));
            members.put(e.getKey(), new Json.Obj(item));
            at = end;
        }
        byte[] text = new Json.Obj(members).toString().getBytes(StandardCharsets.UTF_8);
        int padded = (text.length + 7) / 8 * 8;
        ByteBuffer bytes = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        while (bytes.hasRemaining()) bytes.put((byte) ' ');
        return bytes.array();
    }
}
