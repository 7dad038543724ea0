package io.rubato;

import io.rubato.kernel.AddressKernels;
import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Objects;

/**
 * A flyweight over a row in a worker's cache: the row image plus every delta of the worker itself that the image does
 * not hold yet. Read-only, unless the row was opened for writing by {@link Worker#edit}.
 *
 * <p>A {@link Worker} has one per table. It stays valid until that worker's next {@link Worker#get},
 * {@link Worker#edit}, {@link Worker#refresh} or {@link Worker#clock}; an {@link Worker#inc} by the same worker on the
 * same row shows through it at once. Not for use by other threads. Columns are checked against the width; a column
 * outside throws {@link IndexOutOfBoundsException}.
 */
public final class Row {
    private final int columns;
    private final ElementType type;
    private MemorySegment segment;
    /** Of the segment: kernels need not check it for each row. */
    private long address;
    private long offset;
    private long row;
    private long minimumClock;

    /**
     * An unattached flyweight for rows of one table.
     *
     * @param spec the table's shape
     */
    public Row(final TableSpec spec) {
        this.columns = spec.columns();
        this.type = spec.type();
    }

    /**
     * Attaches the flyweight; called by the engine.
     *
     * @param segment      holds the elements in native byte order; off-heap, and not closed while the row is in use
     * @param offset       of column 0, bytes
     * @param row          id
     * @param minimumClock m of the image
     * @return this
     */
    public Row wrap(final MemorySegment segment, final long offset, final long row, final long minimumClock) {
        this.segment = segment;
        this.address = Memory.address(segment, 0, 0);
        return moveTo(offset, row, minimumClock);
    }

    /**
     * Moves the flyweight within its memory; called by the engine.
     *
     * @param to    of column 0, bytes; the whole row lies in the segment, which is not checked
     * @param id    of the row
     * @param clock m of the image
     * @return this
     */
    public Row moveTo(final long to, final long id, final long clock) {
        offset = to;
        row = id;
        minimumClock = clock;
        return this;
    }

    /**
     * Id within the table.
     *
     * @return 0..rows-1
     */
    public long id() {
        return row;
    }

    /**
     * Width.
     *
     * @return number of elements
     */
    public int columns() {
        return columns;
    }

    /**
     * The minimum clock m under which the image was taken: it holds every delta of every worker stamped less than m.
     *
     * @return m, at least 0
     */
    public long minimumClock() {
        return minimumClock;
    }

    /**
     * The memory that {@link #offset} counts in; for kernels. Writing to it breaks the guarantee, unless the row
     * was opened by {@link Worker#edit}.
     *
     * @return off-heap memory in native byte order, aligned to 64 bytes at column 0
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Where column 0 lies in {@link #segment}.
     *
     * @return bytes
     */
    public long offset() {
        return offset;
    }

    /**
     * The inner product with a vector, of an {@link ElementType#F32} table: {@link io.rubato.kernel.RowKernels#dot}
     * without its checks of the row.
     *
     * @param vector       off-heap memory, as many floats as the row has
     * @param vectorOffset of the first, bytes
     * @return the sum; the order of addition depends on the CPU's vectors and the JVM's flags only
     * @throws IndexOutOfBoundsException if the vector is shorter
     * @throws IllegalArgumentException  if the vector is on the heap
     * @throws IllegalStateException     if the table is of another type, or the vector's arena is closed
     */
    public float dot(final MemorySegment vector, final long vectorOffset) {
        final long other = Memory.address(vector, vectorOffset, (long) columns * Float.BYTES);
        final float dot = AddressKernels.BEST.dot(floats(), other, columns);
        Reference.reachabilityFence(vector);
        Reference.reachabilityFence(segment);
        return dot;
    }

    /**
     * Adds a multiple of the row to a vector, of an {@link ElementType#F32} table: {@link
     * io.rubato.kernel.RowKernels#axpy} without its checks of the row.
     *
     * @param alpha        factor
     * @param vector       off-heap memory, as many floats as the row has
     * @param vectorOffset of the first, bytes
     * @throws IndexOutOfBoundsException     if the vector is shorter
     * @throws IllegalArgumentException      if the vector is on the heap
     * @throws IllegalStateException         if the table is of another type, or the vector's arena is closed
     * @throws UnsupportedOperationException if the vector is read-only
     */
    public void axpyTo(final float alpha, final MemorySegment vector, final long vectorOffset) {
        final long other = Memory.writable(vector, vectorOffset, (long) columns * Float.BYTES);
        AddressKernels.BEST.axpy(alpha, floats(), other, columns);
        Reference.reachabilityFence(vector);
        Reference.reachabilityFence(segment);
    }

    /**
     * An element of an {@link ElementType#F32} table.
     *
     * @param column 0..columns-1
     * @return its value
     */
    public float getFloat(final int column) {
        return segment.get(ValueLayout.JAVA_FLOAT, at(column, ElementType.F32));
    }

    /**
     * An element of an {@link ElementType#F64} table.
     *
     * @param column 0..columns-1
     * @return its value
     */
    public double getDouble(final int column) {
        return segment.get(ValueLayout.JAVA_DOUBLE, at(column, ElementType.F64));
    }

    /**
     * An element of an {@link ElementType#I32} table.
     *
     * @param column 0..columns-1
     * @return its value
     */
    public int getInt(final int column) {
        return segment.get(ValueLayout.JAVA_INT, at(column, ElementType.I32));
    }

    /**
     * An element of an {@link ElementType#I64} table.
     *
     * @param column 0..columns-1
     * @return its value
     */
    public long getLong(final int column) {
        return segment.get(ValueLayout.JAVA_LONG, at(column, ElementType.I64));
    }

    /**
     * Writes an element of an {@link ElementType#F32} table; the row must be open for writing, see {@link Worker#edit}.
     *
     * @param column 0..columns-1
     * @param value  new
     */
    public void setFloat(final int column, final float value) {
        segment.set(ValueLayout.JAVA_FLOAT, at(column, ElementType.F32), value);
    }

    /**
     * Writes an element of an {@link ElementType#F64} table; the row must be open for writing, see {@link Worker#edit}.
     *
     * @param column 0..columns-1
     * @param value  new
     */
    public void setDouble(final int column, final double value) {
        segment.set(ValueLayout.JAVA_DOUBLE, at(column, ElementType.F64), value);
    }

    /**
     * Writes an element of an {@link ElementType#I32} table; the row must be open for writing, see {@link Worker#edit}.
     *
     * @param column 0..columns-1
     * @param value  new
     */
    public void setInt(final int column, final int value) {
        segment.set(ValueLayout.JAVA_INT, at(column, ElementType.I32), value);
    }

    /**
     * Writes an element of an {@link ElementType#I64} table; the row must be open for writing, see {@link Worker#edit}.
     *
     * @param column 0..columns-1
     * @param value  new
     */
    public void setLong(final int column, final long value) {
        segment.set(ValueLayout.JAVA_LONG, at(column, ElementType.I64), value);
    }

    /** Absolute address of column 0. */
    private long floats() {
        Objects.requireNonNull(segment, "the row is not attached");
        return address + at(0, ElementType.F32);
    }

    private long at(final int column, final ElementType asked) {
        if (type != asked) {
            throw new IllegalStateException("the table holds " + type + ", not " + asked);
        }
        if (column < 0 || column >= columns) {
            throw new IndexOutOfBoundsException("column " + column + " of " + columns);
        }
        return offset + (long) column * type.bytes();
    }
}
