package io.rubato.kernel;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The scalar twin of {@link VectorKernels}: the same arithmetic without the incubator module. */
final class ScalarKernels implements AddressKernels {
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final MemorySegment ALL = Memory.ALL;

    @Override
    public void add(final ElementType type, final long target, final long source, final int n) {
        switch (type) {
            case F32 -> addFloats(target, source, n);
            case F64 -> addDoubles(target, source, n);
            case I32 -> addInts(target, source, n);
            case I64 -> addLongs(target, source, n);
        }
    }

    private static void addFloats(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            ALL.set(F32, target + at, ALL.get(F32, target + at) + ALL.get(F32, source + at));
        }
    }

    private static void addDoubles(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Double.BYTES;
            ALL.set(F64, target + at, ALL.get(F64, target + at) + ALL.get(F64, source + at));
        }
    }

    private static void addInts(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Integer.BYTES;
            ALL.set(I32, target + at, ALL.get(I32, target + at) + ALL.get(I32, source + at));
        }
    }

    private static void addLongs(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Long.BYTES;
            ALL.set(I64, target + at, ALL.get(I64, target + at) + ALL.get(I64, source + at));
        }
    }

    @Override
    public void addToBoth(final ElementType type, final long a, final long b, final long source, final int n) {
        add(type, a, source, n);
        add(type, b, source, n);
    }

    @Override
    public void subtractFrom(final ElementType type, final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long t = target + (long) i * type.bytes();
            final long s = source + (long) i * type.bytes();
            switch (type) {
                case F32 -> ALL.set(F32, t, ALL.get(F32, s) - ALL.get(F32, t));
                case F64 -> ALL.set(F64, t, ALL.get(F64, s) - ALL.get(F64, t));
                case I32 -> ALL.set(I32, t, ALL.get(I32, s) - ALL.get(I32, t));
                case I64 -> ALL.set(I64, t, ALL.get(I64, s) - ALL.get(I64, t));
            }
        }
    }

    @Override
    public float dot(final long a, final long b, final int n) {
        float sum = 0;
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            sum += ALL.get(F32, a + at) * ALL.get(F32, b + at);
        }
        return sum;
    }

    @Override
    public int nonZeroInts(final long row, final int n, final int[] columns) {
        return nonZeroInts(row, 0, n, columns, 0);
    }

    /** Of elements from..to-1; what is found is written behind what has been found. */
    static int nonZeroInts(final long row, final int from, final int to, final int[] columns, final int found) {
        int size = found;
        for (int i = from; i < to; i++) {
            columns[size] = i;
            // Without a branch: whether a count is 0 cannot be foretold.
            final int value = ALL.get(I32, row + (long) i * Integer.BYTES);
            size += (value | -value) >>> 31;
        }
        return size;
    }

    // Not fused: Math.fma is a thousand times slower on a CPU that lacks the instruction.
    @Override
    public void axpy(final float alpha, final long x, final long y, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            ALL.set(F32, y + at, alpha * ALL.get(F32, x + at) + ALL.get(F32, y + at));
        }
    }

    @Override
    public void copy(final long target, final long source, final int bytes) {
        MemorySegment.copy(ALL, source, ALL, target, bytes);
    }

    @Override
    public void roundToBf16(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            ALL.set(BF16, target + 2L * i, Bf16.round(ALL.get(F32, source + 4L * i)));
        }
    }

    @Override
    public void widenBf16(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            ALL.set(F32, target + 4L * i, Bf16.widen(ALL.get(BF16, source + 2L * i)));
        }
    }

    @Override
    public void addBf16(final long target, final long source, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = target + 4L * i;
            ALL.set(F32, at, ALL.get(F32, at) + Bf16.widen(ALL.get(BF16, source + 2L * i)));
        }
    }

    @Override
    public void roundWithResidual(final long row, final long residual, final int n) {
        for (int i = 0; i < n; i++) {
            final long at = 4L * i;
            final float value = ALL.get(F32, row + at) + ALL.get(F32, residual + at);
            final float rounded = Bf16.widen(Bf16.round(value));
            ALL.set(F32, row + at, rounded);
            ALL.set(F32, residual + at, Float.isFinite(value) ? value - rounded : 0);
        }
    }
}
