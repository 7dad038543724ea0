package io.rubato.kernel;

import io.rubato.ElementType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Kernels with the Vector API: whole vectors of the widest shape, then the tail.
 *
 * <p>The tail is one masked vector where the CPU has mask registers. Elsewhere masks are emulated and cost more than
 * the scalar loop that takes their place.
 */
final class VectorKernels implements RowKernels {
    private static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    /** As many elements as {@link #F}. */
    private static final VectorSpecies<Short> HALF =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 2)));
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble F64 = ValueLayout.JAVA_DOUBLE_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong I64 = ValueLayout.JAVA_LONG_UNALIGNED;

    /** For the tails of rows on their way, where a few elements matter less. */
    private static final RowKernels SCALAR = new ScalarKernels();

    // 512 bits means AVX-512, or SVE as wide: both have mask registers.
    private static final boolean MASKED = F.vectorBitSize() >= 512;
    // 256 bits means AVX2, whose CPUs all have FMA, as has every 64-bit ARM. Without the instruction fma() is a
    // thousand times slower.
    private static final boolean FUSED = F.vectorBitSize() >= 256 || "aarch64".equals(System.getProperty("os.arch"));

    /** Whether the widest shape holds more than one element of every type. */
    static boolean worthwhile() {
        return L.length() > 1;
    }

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
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            floats(target, targetOffset + at).add(floats(source, sourceOffset + at))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        // A row of less than a vector is not worth one: until it is compiled it would make garbage.
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            floats(target, targetOffset + at, tail).add(floats(source, sourceOffset + at, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            target.set(F32, targetOffset + at, target.get(F32, targetOffset + at) + source.get(F32, sourceOffset + at));
        }
    }

    @Override
    public void addToBoth(final ElementType type, final MemorySegment a, final long aOffset, final MemorySegment b,
            final long bOffset, final MemorySegment source, final long sourceOffset, final int n) {
        if (type != ElementType.F32) {
            add(type, a, aOffset, source, sourceOffset, n);
            add(type, b, bOffset, source, sourceOffset, n);
            return;
        }
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            final FloatVector delta = floats(source, sourceOffset + at);
            floats(a, aOffset + at).add(delta).intoMemorySegment(a, aOffset + at, ORDER);
            floats(b, bOffset + at).add(delta).intoMemorySegment(b, bOffset + at, ORDER);
        }
        for (int i = end; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            final float delta = source.get(F32, sourceOffset + at);
            a.set(F32, aOffset + at, a.get(F32, aOffset + at) + delta);
            b.set(F32, bOffset + at, b.get(F32, bOffset + at) + delta);
        }
    }

    @Override
    public void subtractFrom(final ElementType type, final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        switch (type) {
            case F32 -> subtractFromFloats(target, targetOffset, source, sourceOffset, n);
            case F64 -> subtractFromDoubles(target, targetOffset, source, sourceOffset, n);
            case I32 -> subtractFromInts(target, targetOffset, source, sourceOffset, n);
            case I64 -> subtractFromLongs(target, targetOffset, source, sourceOffset, n);
        }
    }

    @Override
    public float dot(final MemorySegment a, final long aOffset, final MemorySegment b, final long bOffset,
            final int n) {
        // Four accumulators hide the latency of the multiply-add.
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        final int lanes = F.length();
        final long vectorBytes = F.vectorByteSize();
        int i = 0;
        for (final int end = n - 4 * lanes; i <= end; i += 4 * lanes) {
            final long a0 = aOffset + (long) i * Float.BYTES;
            final long b0 = bOffset + (long) i * Float.BYTES;
            sum0 = multiplyAdd(floats(a, a0), floats(b, b0), sum0);
            sum1 = multiplyAdd(floats(a, a0 + vectorBytes), floats(b, b0 + vectorBytes), sum1);
            sum2 = multiplyAdd(floats(a, a0 + 2 * vectorBytes), floats(b, b0 + 2 * vectorBytes), sum2);
            sum3 = multiplyAdd(floats(a, a0 + 3 * vectorBytes), floats(b, b0 + 3 * vectorBytes), sum3);
        }
        for (final int end = F.loopBound(n); i < end; i += lanes) {
            final long at = (long) i * Float.BYTES;
            sum0 = multiplyAdd(floats(a, aOffset + at), floats(b, bOffset + at), sum0);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            sum1 = multiplyAdd(floats(a, aOffset + at, tail), floats(b, bOffset + at, tail), sum1);
            i = n;
        }
        float sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(VectorOperators.ADD);
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            sum += a.get(F32, aOffset + at) * b.get(F32, bOffset + at);
        }
        return sum;
    }

    @Override
    public int nonZeroInts(final MemorySegment row, final long offset, final int n, final int[] columns) {
        final int lanes = I.length();
        final long vectorBytes = I.vectorByteSize();
        int found = 0;
        int i = 0;
        for (final int end = n - 4 * lanes; i <= end; i += 4 * lanes) {
            final long at = offset + (long) i * Integer.BYTES;
            final IntVector some = ints(row, at).or(ints(row, at + vectorBytes))
                    .or(ints(row, at + 2 * vectorBytes).or(ints(row, at + 3 * vectorBytes)));
            if (some.compare(VectorOperators.NE, 0).anyTrue()) {
                found = ScalarKernels.nonZeroInts(row, offset, i, i + 4 * lanes, columns, found);
            }
        }
        return ScalarKernels.nonZeroInts(row, offset, i, n, columns, found);
    }

    @Override
    public void axpy(final float alpha, final MemorySegment x, final long xOffset, final MemorySegment y,
            final long yOffset, final int n) {
        final FloatVector factor = FloatVector.broadcast(F, alpha);
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            multiplyAdd(floats(x, xOffset + at), factor, floats(y, yOffset + at))
                    .intoMemorySegment(y, yOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            multiplyAdd(floats(x, xOffset + at, tail), factor, floats(y, yOffset + at, tail))
                    .intoMemorySegment(y, yOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            final float xi = x.get(F32, xOffset + at);
            final float yi = y.get(F32, yOffset + at);
            y.set(F32, yOffset + at, FUSED ? Math.fma(alpha, xi, yi) : alpha * xi + yi);
        }
    }

    @Override
    public void roundToBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            final IntVector rounded = rounded(floats(source, sourceOffset + 4L * i));
            ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
                    .intoMemorySegment(target, targetOffset + 2L * i, ORDER);
        }
        SCALAR.roundToBf16(target, targetOffset + 2L * end, source, sourceOffset + 4L * end, n - end);
    }

    @Override
    public void widenBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            widened(source, sourceOffset + 2L * i).intoMemorySegment(target, targetOffset + 4L * i, ORDER);
        }
        SCALAR.widenBf16(target, targetOffset + 4L * end, source, sourceOffset + 2L * end, n - end);
    }

    @Override
    public void addBf16(final MemorySegment target, final long targetOffset, final MemorySegment source,
            final long sourceOffset, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            floats(target, targetOffset + 4L * i).add(widened(source, sourceOffset + 2L * i))
                    .intoMemorySegment(target, targetOffset + 4L * i, ORDER);
        }
        SCALAR.addBf16(target, targetOffset + 4L * end, source, sourceOffset + 2L * end, n - end);
    }

    @Override
    public void roundWithResidual(final MemorySegment row, final long rowOffset, final MemorySegment residual,
            final long residualOffset, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            final long at = 4L * i;
            final FloatVector value = floats(row, rowOffset + at).add(floats(residual, residualOffset + at));
            final FloatVector rounded =
                    rounded(value).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            rounded.intoMemorySegment(row, rowOffset + at, ORDER);
            value.sub(rounded).blend(0, value.test(VectorOperators.IS_FINITE).not())
                    .intoMemorySegment(residual, residualOffset + at, ORDER);
        }
        SCALAR.roundWithResidual(row, rowOffset + 4L * end, residual, residualOffset + 4L * end, n - end);
    }

    /** {@link Bf16#round} in the lower half of each lane. */
    private static IntVector rounded(final FloatVector values) {
        final IntVector bits = values.reinterpretAsInts();
        final IntVector magnitude = bits.and(Bf16.MAGNITUDE);
        final IntVector high = magnitude.lanewise(VectorOperators.LSHR, 16);
        final IntVector finite = magnitude.add(high.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16)
                .min(Bf16.LARGEST);
        final IntVector others = high.blend(high.or(Bf16.QUIET), magnitude.compare(VectorOperators.GT, Bf16.EXPONENT));
        return finite.blend(others, magnitude.compare(VectorOperators.GE, Bf16.EXPONENT))
                .or(bits.lanewise(VectorOperators.LSHR, 16).and(Bf16.SIGN));
    }

    private static FloatVector widened(final MemorySegment segment, final long offset) {
        return ((IntVector) ShortVector.fromMemorySegment(HALF, segment, offset, ORDER)
                .convertShape(VectorOperators.S2I, I, 0)).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
    }

    private static void addDoubles(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = D.loopBound(n); i < end; i += D.length()) {
            final long at = (long) i * Double.BYTES;
            DoubleVector.fromMemorySegment(D, target, targetOffset + at, ORDER)
                    .add(DoubleVector.fromMemorySegment(D, source, sourceOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Double.BYTES;
            final VectorMask<Double> tail = D.indexInRange(i, n);
            DoubleVector.fromMemorySegment(D, target, targetOffset + at, ORDER, tail)
                    .add(DoubleVector.fromMemorySegment(D, source, sourceOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Double.BYTES;
            target.set(F64, targetOffset + at, target.get(F64, targetOffset + at) + source.get(F64, sourceOffset + at));
        }
    }

    private static void addInts(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = I.loopBound(n); i < end; i += I.length()) {
            final long at = (long) i * Integer.BYTES;
            IntVector.fromMemorySegment(I, target, targetOffset + at, ORDER)
                    .add(IntVector.fromMemorySegment(I, source, sourceOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Integer.BYTES;
            final VectorMask<Integer> tail = I.indexInRange(i, n);
            IntVector.fromMemorySegment(I, target, targetOffset + at, ORDER, tail)
                    .add(IntVector.fromMemorySegment(I, source, sourceOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Integer.BYTES;
            target.set(I32, targetOffset + at, target.get(I32, targetOffset + at) + source.get(I32, sourceOffset + at));
        }
    }

    private static void addLongs(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = L.loopBound(n); i < end; i += L.length()) {
            final long at = (long) i * Long.BYTES;
            LongVector.fromMemorySegment(L, target, targetOffset + at, ORDER)
                    .add(LongVector.fromMemorySegment(L, source, sourceOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Long.BYTES;
            final VectorMask<Long> tail = L.indexInRange(i, n);
            LongVector.fromMemorySegment(L, target, targetOffset + at, ORDER, tail)
                    .add(LongVector.fromMemorySegment(L, source, sourceOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Long.BYTES;
            target.set(I64, targetOffset + at, target.get(I64, targetOffset + at) + source.get(I64, sourceOffset + at));
        }
    }

    private static void subtractFromFloats(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            FloatVector.fromMemorySegment(F, source, sourceOffset + at, ORDER)
                    .sub(FloatVector.fromMemorySegment(F, target, targetOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            FloatVector.fromMemorySegment(F, source, sourceOffset + at, ORDER, tail)
                    .sub(FloatVector.fromMemorySegment(F, target, targetOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            target.set(F32, targetOffset + at, source.get(F32, sourceOffset + at) - target.get(F32, targetOffset + at));
        }
    }

    private static void subtractFromDoubles(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = D.loopBound(n); i < end; i += D.length()) {
            final long at = (long) i * Double.BYTES;
            DoubleVector.fromMemorySegment(D, source, sourceOffset + at, ORDER)
                    .sub(DoubleVector.fromMemorySegment(D, target, targetOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Double.BYTES;
            final VectorMask<Double> tail = D.indexInRange(i, n);
            DoubleVector.fromMemorySegment(D, source, sourceOffset + at, ORDER, tail)
                    .sub(DoubleVector.fromMemorySegment(D, target, targetOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Double.BYTES;
            target.set(F64, targetOffset + at, source.get(F64, sourceOffset + at) - target.get(F64, targetOffset + at));
        }
    }

    private static void subtractFromInts(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = I.loopBound(n); i < end; i += I.length()) {
            final long at = (long) i * Integer.BYTES;
            IntVector.fromMemorySegment(I, source, sourceOffset + at, ORDER)
                    .sub(IntVector.fromMemorySegment(I, target, targetOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Integer.BYTES;
            final VectorMask<Integer> tail = I.indexInRange(i, n);
            IntVector.fromMemorySegment(I, source, sourceOffset + at, ORDER, tail)
                    .sub(IntVector.fromMemorySegment(I, target, targetOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Integer.BYTES;
            target.set(I32, targetOffset + at, source.get(I32, sourceOffset + at) - target.get(I32, targetOffset + at));
        }
    }

    private static void subtractFromLongs(final MemorySegment target, final long targetOffset,
            final MemorySegment source, final long sourceOffset, final int n) {
        int i = 0;
        for (final int end = L.loopBound(n); i < end; i += L.length()) {
            final long at = (long) i * Long.BYTES;
            LongVector.fromMemorySegment(L, source, sourceOffset + at, ORDER)
                    .sub(LongVector.fromMemorySegment(L, target, targetOffset + at, ORDER))
                    .intoMemorySegment(target, targetOffset + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Long.BYTES;
            final VectorMask<Long> tail = L.indexInRange(i, n);
            LongVector.fromMemorySegment(L, source, sourceOffset + at, ORDER, tail)
                    .sub(LongVector.fromMemorySegment(L, target, targetOffset + at, ORDER, tail))
                    .intoMemorySegment(target, targetOffset + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Long.BYTES;
            target.set(I64, targetOffset + at, source.get(I64, sourceOffset + at) - target.get(I64, targetOffset + at));
        }
    }

    private static IntVector ints(final MemorySegment segment, final long offset) {
        return IntVector.fromMemorySegment(I, segment, offset, ORDER);
    }

    private static FloatVector floats(final MemorySegment segment, final long offset) {
        return FloatVector.fromMemorySegment(F, segment, offset, ORDER);
    }

    private static FloatVector floats(final MemorySegment segment, final long offset, final VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(F, segment, offset, ORDER, mask);
    }

    private static FloatVector multiplyAdd(final FloatVector a, final FloatVector b, final FloatVector c) {
        return FUSED ? a.fma(b, c) : a.mul(b).add(c);
    }
}
