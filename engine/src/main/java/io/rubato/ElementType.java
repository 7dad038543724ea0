package io.rubato;

/** The type of every element of a table. */
public enum ElementType {
    /** IEEE 754 single precision, 4 bytes. */
    F32(4, true),
    /** IEEE 754 double precision, 8 bytes. */
    F64(8, true),
    /** Two's complement, 4 bytes; sums wrap. */
    I32(4, false),
    /** Two's complement, 8 bytes; sums wrap. */
    I64(8, false);

    private final int bytes;
    private final boolean floating;

    ElementType(final int bytes, final boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    /**
     * Size of one element.
     *
     * @return 4 or 8
     */
    public int bytes() {
        return bytes;
    }

    /**
     * Whether sums round.
     *
     * @return true for {@link #F32} and {@link #F64}
     */
    public boolean isFloating() {
        return floating;
    }
}
