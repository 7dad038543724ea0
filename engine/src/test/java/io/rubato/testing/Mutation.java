package io.rubato.testing;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Spoils messages: cuts and extends them, flips bits, overwrites words with values at the edges of ranges, or replaces
 * all but the header.
 */
public final class Mutation {
    private static final int[] EDGES =
            {-1, 0, 1, 2, 3, Byte.MAX_VALUE, Short.MAX_VALUE, 0xFFFF, 1 << 16, 1 << 20, 1 << 30,
                    Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MAX_VALUE - 7};
    private static final int FRAME = 16;

    private final RandomGenerator random;

    /**
     * Repeatable by its seed.
     *
     * @param random seeded
     */
    public Mutation(final RandomGenerator random) {
        this.random = random;
    }

    /**
     * A spoiled copy; it may happen to be right.
     *
     * @param message any
     * @return off-heap, at least 1 byte
     */
    public UnsafeBuffer spoil(final MutableDirectBuffer message) {
        final int length = message.capacity();
        final UnsafeBuffer copy = switch (random.nextInt(8)) {
            case 0 -> Messages.copy(message, 1 + random.nextInt(length));
            case 1 -> Messages.copy(message, length + 1 + random.nextInt(64));
            case 2 -> noise(message, 1 + random.nextInt(length + 32));
            default -> Messages.copy(message, length);
        };
        for (int i = random.nextInt(4); i > 0; i--) {
            final int at = random.nextInt(copy.capacity());
            copy.putByte(at, (byte) (copy.getByte(at) ^ 1 << random.nextInt(8)));
        }
        for (int i = random.nextInt(3); i > 0 && copy.capacity() > FRAME + 4; i--) {
            final int at = FRAME + random.nextInt((copy.capacity() - FRAME) / 4) * 4;
            copy.putInt(Math.min(at, copy.capacity() - 4), EDGES[random.nextInt(EDGES.length)]);
        }
        return copy;
    }

    /** Random bytes behind the header and the job of a message. */
    private UnsafeBuffer noise(final MutableDirectBuffer message, final int length) {
        final byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        final UnsafeBuffer copy = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        copy.putBytes(0, bytes);
        copy.putBytes(0, message, 0, Math.min(Math.min(FRAME, message.capacity()), length));
        return copy;
    }
}
