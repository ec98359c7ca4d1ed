package dev.kiln.runtime;

import java.nio.charset.StandardCharsets;

/// Random numbers as a function of a counter: Threefry-2x32 with 13 rounds (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011). Add,
/// rotate and xor only, so that vector kernels compute the same bits as this page.
///
/// A *place* is a named source of chance in a network; its number is the FNV-1a hash (32 bits) of its stable name in UTF-8, see [#place]. The key of a place in a call
/// is the image of the counter `(step, place)` under the key `(low word of seed, high word of seed)`:
/// ```
/// key0 = word0(low(seed), high(seed), step, place)
/// key1 = word1(low(seed), high(seed), step, place)
/// ```
/// Element `e` of the place (a 64-bit row-major index) then has the words `word0(key0, key1, low(e), high(e))` and `word1(...)`; its uniform number is the 24 high
/// bits of the first word times 2⁻²⁴, in [0, 1).
public final class Threefry {
    /// What the third word of the key schedule is made with (from Skein); rotations as in table 2 of the paper.
    private static final int PARITY = 0x1BD11BDA;

    private Threefry() {}

    /// The number of a place: FNV-1a over the UTF-8 bytes of its name.
    public static int place(String name) {
        int hash = 0x811C9DC5;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) hash = (hash ^ (b & 0xFF)) * 0x01000193;
        return hash;
    }

    /// The first word of the key of a place in a call.
    public static int key0(long seed, int step, int place) {
        return word0((int) seed, (int) (seed >>> 32), step, place);
    }

    /// The second word of the key of a place in a call.
    public static int key1(long seed, int step, int place) {
        return word1((int) seed, (int) (seed >>> 32), step, place);
    }

    /// The first word of the image of counter (c0, c1) under key (k0, k1).
    public static int word0(int k0, int k1, int c0, int c1) {
        return (int) words(k0, k1, c0, c1);
    }

    /// The second word of the image of counter (c0, c1) under key (k0, k1).
    public static int word1(int k0, int k1, int c0, int c1) {
        return (int) (words(k0, k1, c0, c1) >>> 32);
    }

    /// The uniform number in [0, 1) of an element.
    public static float uniform(int key0, int key1, long element) {
        return unit(word0(key0, key1, (int) element, (int) (element >>> 32)));
    }

    /// A word's 24 high bits as a number in [0, 1).
    public static float unit(int word) {
        return (word >>> 8) * 0x1p-24f;
    }

    /// Both words, the first one low. After every four rounds the key is injected, rotated by one word and counted.
    private static long words(int k0, int k1, int c0, int c1) {
        int k2 = PARITY ^ k0 ^ k1;
        int x = c0 + k0;
        int y = c1 + k1;
        x += y; y = Integer.rotateLeft(y, 13) ^ x;
        x += y; y = Integer.rotateLeft(y, 15) ^ x;
        x += y; y = Integer.rotateLeft(y, 26) ^ x;
        x += y; y = Integer.rotateLeft(y, 6) ^ x;
        x += k1;
        y += k2 + 1;
        x += y; y = Integer.rotateLeft(y, 17) ^ x;
        x += y; y = Integer.rotateLeft(y, 29) ^ x;
        x += y; y = Integer.rotateLeft(y, 16) ^ x;
        x += y; y = Integer.rotateLeft(y, 24) ^ x;
        x += k2;
        y += k0 + 2;
        x += y; y = Integer.rotateLeft(y, 13) ^ x;
        x += y; y = Integer.rotateLeft(y, 15) ^ x;
        x += y; y = Integer.rotateLeft(y, 26) ^ x;
        x += y; y = Integer.rotateLeft(y, 6) ^ x;
        x += k0;
        y += k1 + 3;
        x += y; y = Integer.rotateLeft(y, 17) ^ x;
        return ((long) y << 32) | (x & 0xFFFFFFFFL);
    }
}
