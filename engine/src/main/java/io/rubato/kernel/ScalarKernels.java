package io.rubato.kernel;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The scalar twin of {@link VectorKernels}: the same arithmetic without the incubator module. */
final class ScalarKernels implements RowKernels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;

    @Override
    public void add(final ElementType type, final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        switch (type) {
            case F32 -> addFloats(target, targetOffset, source, sourceOffset, n);
            case F64 -> addDoubles(target, targetOffset, source, sourceOffset, n);
            case I32 -> addInts(target, targetOffset, source, sourceOffset, n);
            case I64 -> addLongs(target, targetOffset, source, sourceOffset, n);
        }
    }

    @Override
    public void addFloats(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            target.set(F32, targetOffset + at, target.get(F32, targetOffset + at) + source.get(F32, sourceOffset + at));
        }
    }

    @Override
    public void addToBoth(final ElementType type, final MemorySegment a, final long aOffset, final MemorySegment b,
            final long bOffset, final MemorySegment source, final long sourceOffset, final int n) {
        add(type, a, aOffset, source, sourceOffset, n);
        add(type, b, bOffset, source, sourceOffset, n);
    }

    @Override
    public void subtractFrom(final ElementType type, final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long t = targetOffset + (long) i * type.bytes();
            final long s = sourceOffset + (long) i * type.bytes();
            switch (type) {
                case F32 -> target.set(F32, t, source.get(F32, s) - target.get(F32, t));
                case F64 -> target.set(F64, t, source.get(F64, s) - target.get(F64, t));
                case I32 -> target.set(I32, t, source.get(I32, s) - target.get(I32, t));
                case I64 -> target.set(I64, t, source.get(I64, s) - target.get(I64, t));
            }
        }
    }

    @Override
    public float dot(final MemorySegment a, final long aOffset, final MemorySegment b, final long bOffset,
            final int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            sum += a.get(F32, aOffset + at) * b.get(F32, bOffset + at);
        }
        return sum;
    }

    @Override
    public int nonZeroInts(final MemorySegment row, final long offset, final int n, final int[] columns) {
        return nonZeroInts(row, offset, 0, n, columns, 0);
    }

    /** Of elements from..to-1; what is found is written behind what has been found. */
    static int nonZeroInts(final MemorySegment row, final long offset, final int from, final int to,
            final int[] columns, final int found) {
        int size = found;
        for (int i = from; i < to; i++) {
            columns[size] = i;
            // Without a branch: whether a count is 0 cannot be foretold.
            final int value = row.get(I32, offset + (long) i * Integer.BYTES);
            size += (value | -value) >>> 31;
        }
        return size;
    }

    // Not fused: Math.fma is a thousand times slower on a CPU that lacks the instruction.
    @Override
    public void axpy(final float alpha, final MemorySegment x, final long xOffset, final MemorySegment y,
            final long yOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            y.set(F32, yOffset + at, alpha * x.get(F32, xOffset + at) + y.get(F32, yOffset + at));
        }
    }

    @Override
    public void copy(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int bytes) {
        MemorySegment.copy(source, sourceOffset, target, targetOffset, bytes);
    }

    @Override
    public void roundToBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            target.set(BF16, targetOffset + 2L * i, Bf16.round(source.get(F32, sourceOffset + 4L * i)));
        }
    }

    @Override
    public void widenBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            target.set(F32, targetOffset + 4L * i, Bf16.widen(source.get(BF16, sourceOffset + 2L * i)));
        }
    }

    @Override
    public void addBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = targetOffset + 4L * i;
            target.set(F32, at, target.get(F32, at) + Bf16.widen(source.get(BF16, sourceOffset + 2L * i)));
        }
    }

    @Override
    public void roundWithResidual(final MemorySegment row, final long rowOffset, final MemorySegment residual,
            final long residualOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = 4L * i;
            final float value = row.get(F32, rowOffset + at) + residual.get(F32, residualOffset + at);
            final float rounded = Bf16.widen(Bf16.round(value));
            row.set(F32, rowOffset + at, rounded);
            residual.set(F32, residualOffset + at, Float.isFinite(value) ? value - rounded : 0);
        }
    }

    private static void addDoubles(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Double.BYTES;
            target.set(F64, targetOffset + at, target.get(F64, targetOffset + at) + source.get(F64, sourceOffset + at));
        }
    }

    private static void addInts(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Integer.BYTES;
            target.set(I32, targetOffset + at, target.get(I32, targetOffset + at) + source.get(I32, sourceOffset + at));
        }
    }

    private static void addLongs(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Long.BYTES;
            target.set(I64, targetOffset + at, target.get(I64, targetOffset + at) + source.get(I64, sourceOffset + at));
        }
    }
}
