package io.rubato.learn.ratings;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers external ids in the order of their first appearance: a hash table over their bytes, so that a known id
 * makes no garbage.
 */
final class IdTable {
    private static final int FREE = -1;
    /** Ids up to this length are told apart by their keys alone. */
    private static final int MOST_KEY_BYTES = Long.BYTES - 1;
    /** In the keys of longer ones. */
    private static final long LONG = 1L << 63;
    /** Times it, keys that differ in few bits differ in their upper ones, which choose the slot. */
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private final List<String> names = new ArrayList<>();
    private byte[] bytes = new byte[1 << 12];
    private int[] ends = new int[1 << 8];
    private long[] keys = new long[1 << 8];
    private int[] slots = new int[1 << 9];

    IdTable() {
        Arrays.fill(slots, FREE);
    }

    /**
     * The number of the id in {@code source[from..to)}, a new one if it was not seen before; malformed UTF-8 is
     * refused.
     */
    int number(final byte[] source, final int from, final int to) throws CharacterCodingException {
        final long key = key(source, from, to);
        int slot = slot(key);
        while (slots[slot] != FREE) {
            final int known = slots[slot];
            if (keys[known] == key && (to - from <= MOST_KEY_BYTES
                    || Arrays.equals(bytes, known == 0 ? 0 : ends[known - 1], ends[known], source, from, to))) {
                return known;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return add(source, from, to, key, slot);
    }

    String[] names() {
        return names.toArray(String[]::new);
    }

    private int add(final byte[] source, final int from, final int to, final long key, final int slot)
            throws CharacterCodingException {
        final int added = names.size();
        names.add(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(source, from, to - from)).toString());
        final int start = added == 0 ? 0 : ends[added - 1];
        final int end = Math.addExact(start, to - from);
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(end, 2L * bytes.length)));
        }
        if (added == ends.length) {
            ends = Arrays.copyOf(ends, 2 * added);
            keys = Arrays.copyOf(keys, 2 * added);
        }
        System.arraycopy(source, from, bytes, start, to - from);
        ends[added] = end;
        keys[added] = key;
        slots[slot] = added;
        if (2 * names.size() > slots.length) {
            rehash();
        }
        return added;
    }

    private void rehash() {
        slots = new int[2 * slots.length];
        Arrays.fill(slots, FREE);
        for (int id = 0; id < names.size(); id++) {
            int slot = slot(keys[id]);
            while (slots[slot] != FREE) {
                slot = (slot + 1) & (slots.length - 1);
            }
            slots[slot] = id;
        }
    }

    /** Its bytes and, above them, its length; of a longer id a hash. */
    private static long key(final byte[] source, final int from, final int to) {
        long key = to - from;
        if (to - from <= MOST_KEY_BYTES) {
            for (int i = from; i < to; i++) {
                key = key << Byte.SIZE | source[i] & 0xFF;
            }
            return key;
        }
        for (int i = from; i < to; i++) {
            key = 31 * key + source[i];
        }
        return key | LONG;
    }

    private int slot(final long key) {
        return (int) (key * GAMMA >>> Long.SIZE - Integer.numberOfTrailingZeros(slots.length));
    }
}
