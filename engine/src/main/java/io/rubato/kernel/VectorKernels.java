package io.rubato.kernel;

import io.rubato.ElementType;
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
 * Kernels with the Vector API: whole vectors of the widest shape up to 512 bits, then the tail.
 *
 * <p>The tail of F32 rows is one masked vector where the CPU has mask registers. Elsewhere masks are emulated and cost
 * more than the scalar loop that takes their place.
 *
 * <p>All access is to {@link Memory#ALL}. Of any other segment the compiler does not know the class once a JVM has seen
 * two of them, for which a conversion of vectors that is not compiled yet is enough: each vector would then cost two
 * calls.
 */
final class VectorKernels implements AddressKernels {
    private static final VectorSpecies<Float> F = FloatLanes.SPECIES;
    private static final VectorSpecies<Double> D = VectorSpecies.of(double.class, F.vectorShape());
    private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, F.vectorShape());
    private static final VectorSpecies<Long> L = VectorSpecies.of(long.class, F.vectorShape());
    /** As many elements as {@link #F}. */
    private static final VectorSpecies<Short> HALF =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 2)));
    /** 0, 1, 2, ... */
    private static final IntVector COLUMNS = IntVector.zero(I).addIndex(1);
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();

    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfInt I32 = ValueLayout.JAVA_INT_UNALIGNED;

    /** For tails where a few elements matter less: of rows on their way, and of types that are not F32. */
    private static final AddressKernels SCALAR = new ScalarKernels();

    // 512 bits means AVX-512, or SVE as wide: both have mask registers.
    private static final boolean MASKED = F.vectorBitSize() >= 512;

    // In narrower vectors no instruction does it, and until one does each step makes an object.
    private static final boolean COMPRESSED = I.vectorBitSize() >= 256;

    /** Whether that shape holds more than one element of every type. */
    static boolean worthwhile() {
        return L.length() > 1;
    }

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
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            floats(target + at).add(floats(source + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        // A row of less than a vector is not worth one: until it is compiled it would make garbage.
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            floats(target + at, tail).add(floats(source + at, tail))
                    .intoMemorySegment(Memory.ALL, target + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            set(target + at, get(target + at) + get(source + at));
        }
    }

    @Override
    public void addToBoth(final ElementType type, final long a, final long b, final long source, final int n) {
        if (type == ElementType.F32) {
            addFloatsToBoth(a, b, source, n);
        } else {
            add(type, a, source, n);
            add(type, b, source, n);
        }
    }

    private static void addFloatsToBoth(final long a, final long b, final long source, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            final FloatVector delta = floats(source + at);
            floats(a + at).add(delta).intoMemorySegment(Memory.ALL, a + at, ORDER);
            floats(b + at).add(delta).intoMemorySegment(Memory.ALL, b + at, ORDER);
        }
        for (int i = end; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            final float delta = get(source + at);
            set(a + at, get(a + at) + delta);
            set(b + at, get(b + at) + delta);
        }
    }

    @Override
    public void subtractFrom(final ElementType type, final long target, final long source, final int n) {
        switch (type) {
            case F32 -> subtractFromFloats(target, source, n);
            case F64 -> subtractFromDoubles(target, source, n);
            case I32 -> subtractFromInts(target, source, n);
            case I64 -> subtractFromLongs(target, source, n);
        }
    }

    @Override
    public float dot(final long a, final long b, final int n) {
        // Four accumulators hide the latency of the multiply-add.
        FloatVector sum0 = FloatVector.zero(F);
        FloatVector sum1 = sum0;
        FloatVector sum2 = sum0;
        FloatVector sum3 = sum0;
        final int lanes = F.length();
        final long vectorBytes = F.vectorByteSize();
        int i = 0;
        for (final int end = n - 4 * lanes; i <= end; i += 4 * lanes) {
            final long a0 = a + (long) i * Float.BYTES;
            final long b0 = b + (long) i * Float.BYTES;
            sum0 = FloatLanes.multiplyAdd(floats(a0), floats(b0), sum0);
            sum1 = FloatLanes.multiplyAdd(floats(a0 + vectorBytes), floats(b0 + vectorBytes), sum1);
            sum2 = FloatLanes.multiplyAdd(floats(a0 + 2 * vectorBytes), floats(b0 + 2 * vectorBytes), sum2);
            sum3 = FloatLanes.multiplyAdd(floats(a0 + 3 * vectorBytes), floats(b0 + 3 * vectorBytes), sum3);
        }
        for (final int end = F.loopBound(n); i < end; i += lanes) {
            final long at = (long) i * Float.BYTES;
            sum0 = FloatLanes.multiplyAdd(floats(a + at), floats(b + at), sum0);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            sum1 = FloatLanes.multiplyAdd(floats(a + at, tail), floats(b + at, tail), sum1);
            i = n;
        }
        float sum = FloatLanes.sum(sum0.add(sum1).add(sum2.add(sum3)));
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            sum += get(a + at) * get(b + at);
        }
        return sum;
    }

    @Override
    public int nonZeroInts(final long row, final int n, final int[] columns) {
        final int lanes = I.length();
        final long vectorBytes = I.vectorByteSize();
        int found = 0;
        int i = 0;
        for (final int end = n - 4 * lanes; i <= end; i += 4 * lanes) {
            final long at = row + (long) i * Integer.BYTES;
            final IntVector first = ints(at);
            final IntVector second = ints(at + vectorBytes);
            final IntVector third = ints(at + 2 * vectorBytes);
            final IntVector fourth = ints(at + 3 * vectorBytes);
            if (!first.or(second).or(third.or(fourth)).compare(VectorOperators.NE, 0).anyTrue()) {
                continue;
            }
            if (!COMPRESSED) {
                found = ScalarKernels.nonZeroInts(row, i, i + 4 * lanes, columns, found);
            } else {
                found = nonZeros(first, i, columns, found);
                found = nonZeros(second, i + lanes, columns, found);
                found = nonZeros(third, i + 2 * lanes, columns, found);
                found = nonZeros(fourth, i + 3 * lanes, columns, found);
            }
        }
        return ScalarKernels.nonZeroInts(row, i, n, columns, found);
    }

    /** The columns of a vector's elements that are not 0; what is written behind them is overwritten or ignored. */
    private static int nonZeros(final IntVector values, final int firstColumn, final int[] columns, final int found) {
        final VectorMask<Integer> mask = values.compare(VectorOperators.NE, 0);
        COLUMNS.add(firstColumn).compress(mask).intoArray(columns, found);
        return found + mask.trueCount();
    }

    @Override
    public void axpy(final float alpha, final long x, final long y, final int n) {
        final FloatVector factor = FloatVector.broadcast(F, alpha);
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            FloatLanes.multiplyAdd(floats(x + at), factor, floats(y + at)).intoMemorySegment(Memory.ALL, y + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            FloatLanes.multiplyAdd(floats(x + at, tail), factor, floats(y + at, tail))
                    .intoMemorySegment(Memory.ALL, y + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            final float xi = get(x + at);
            final float yi = get(y + at);
            set(y + at, FloatLanes.areFused() ? Math.fma(alpha, xi, yi) : alpha * xi + yi);
        }
    }

    @Override
    public void copy(final long target, final long source, final int bytes) {
        final int vectorBytes = I.vectorByteSize();
        int i = 0;
        // A body so long is left as it is. A short one is unrolled, for more turns than a row has.
        for (final int end = bytes - 8 * vectorBytes; i <= end; i += 8 * vectorBytes) {
            copyFour(target + i, source + i);
            copyFour(target + i + 4 * vectorBytes, source + i + 4 * vectorBytes);
        }
        if (i <= bytes - 4 * vectorBytes) {
            copyFour(target + i, source + i);
            i += 4 * vectorBytes;
        }
        if (i <= bytes - 2 * vectorBytes) {
            copyTwo(target + i, source + i);
            i += 2 * vectorBytes;
        }
        if (i <= bytes - vectorBytes) {
            ints(source + i).intoMemorySegment(Memory.ALL, target + i, ORDER);
            i += vectorBytes;
        }
        for (; i < bytes; i += Integer.BYTES) {
            Memory.ALL.set(I32, target + i, Memory.ALL.get(I32, source + i));
        }
    }

    private static void copyFour(final long target, final long source) {
        copyTwo(target, source);
        copyTwo(target + 2 * I.vectorByteSize(), source + 2 * I.vectorByteSize());
    }

    private static void copyTwo(final long target, final long source) {
        final IntVector first = ints(source);
        final IntVector second = ints(source + I.vectorByteSize());
        first.intoMemorySegment(Memory.ALL, target, ORDER);
        second.intoMemorySegment(Memory.ALL, target + I.vectorByteSize(), ORDER);
    }

    @Override
    public void roundToBf16(final long target, final long source, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            ((ShortVector) rounded(ints(source + 4L * i)).convertShape(VectorOperators.I2S, HALF, 0))
                    .intoMemorySegment(Memory.ALL, target + 2L * i, ORDER);
        }
        SCALAR.roundToBf16(target + 2L * end, source + 4L * end, n - end);
    }

    @Override
    public void widenBf16(final long target, final long source, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            widened(source + 2L * i).intoMemorySegment(Memory.ALL, target + 4L * i, ORDER);
        }
        SCALAR.widenBf16(target + 4L * end, source + 2L * end, n - end);
    }

    @Override
    public void addBf16(final long target, final long source, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            floats(target + 4L * i).add(widened(source + 2L * i).reinterpretAsFloats())
                    .intoMemorySegment(Memory.ALL, target + 4L * i, ORDER);
        }
        SCALAR.addBf16(target + 4L * end, source + 2L * end, n - end);
    }

    @Override
    public void roundWithResidual(final long row, final long residual, final int n) {
        final int end = F.loopBound(n);
        for (int i = 0; i < end; i += F.length()) {
            final long at = 4L * i;
            final FloatVector sum = floats(row + at).add(floats(residual + at));
            final FloatVector rounded =
                    rounded(sum.reinterpretAsInts()).lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
            rounded.intoMemorySegment(Memory.ALL, row + at, ORDER);
            sum.sub(rounded).blend(0, sum.test(VectorOperators.IS_FINITE).not())
                    .intoMemorySegment(Memory.ALL, residual + at, ORDER);
        }
        SCALAR.roundWithResidual(row + 4L * end, residual + 4L * end, n - end);
    }

    /** {@link Bf16#round} in the lower half of each lane. */
    private static IntVector rounded(final IntVector bits) {
        final IntVector magnitude = bits.and(Bf16.MAGNITUDE);
        final IntVector high = magnitude.lanewise(VectorOperators.LSHR, 16);
        final IntVector finite = magnitude.add(high.and(1)).add(0x7fff).lanewise(VectorOperators.LSHR, 16)
                .min(Bf16.LARGEST);
        final IntVector others = high.blend(high.or(Bf16.QUIET), magnitude.compare(VectorOperators.GT, Bf16.EXPONENT));
        return finite.blend(others, magnitude.compare(VectorOperators.GE, Bf16.EXPONENT))
                .or(bits.lanewise(VectorOperators.LSHR, 16).and(Bf16.SIGN));
    }

    /** The bits of as many floats as {@link #HALF} has lanes. */
    private static IntVector widened(final long address) {
        return ((IntVector) ShortVector.fromMemorySegment(HALF, Memory.ALL, address, ORDER)
                .convertShape(VectorOperators.S2I, I, 0)).lanewise(VectorOperators.LSHL, 16);
    }

    private static void addDoubles(final long target, final long source, final int n) {
        final int end = D.loopBound(n);
        for (int i = 0; i < end; i += D.length()) {
            final long at = (long) i * Double.BYTES;
            doubles(target + at).add(doubles(source + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Double.BYTES;
        SCALAR.add(ElementType.F64, target + tail, source + tail, n - end);
    }

    private static void addInts(final long target, final long source, final int n) {
        final int end = I.loopBound(n);
        for (int i = 0; i < end; i += I.length()) {
            final long at = (long) i * Integer.BYTES;
            ints(target + at).add(ints(source + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Integer.BYTES;
        SCALAR.add(ElementType.I32, target + tail, source + tail, n - end);
    }

    private static void addLongs(final long target, final long source, final int n) {
        final int end = L.loopBound(n);
        for (int i = 0; i < end; i += L.length()) {
            final long at = (long) i * Long.BYTES;
            longs(target + at).add(longs(source + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Long.BYTES;
        SCALAR.add(ElementType.I64, target + tail, source + tail, n - end);
    }

    private static void subtractFromFloats(final long target, final long source, final int n) {
        int i = 0;
        for (final int end = F.loopBound(n); i < end; i += F.length()) {
            final long at = (long) i * Float.BYTES;
            floats(source + at)
                    .sub(floats(target + at))
                    .intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        if (MASKED && i > 0 && i < n) {
            final long at = (long) i * Float.BYTES;
            final VectorMask<Float> tail = F.indexInRange(i, n);
            floats(source + at, tail)
                    .sub(floats(target + at, tail))
                    .intoMemorySegment(Memory.ALL, target + at, ORDER, tail);
            return;
        }
        for (; i < n; i++) {
            final long at = (long) i * Float.BYTES;
            set(target + at, get(source + at) - get(target + at));
        }
    }

    private static void subtractFromDoubles(final long target, final long source, final int n) {
        final int end = D.loopBound(n);
        for (int i = 0; i < end; i += D.length()) {
            final long at = (long) i * Double.BYTES;
            doubles(source + at).sub(doubles(target + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Double.BYTES;
        SCALAR.subtractFrom(ElementType.F64, target + tail, source + tail, n - end);
    }

    private static void subtractFromInts(final long target, final long source, final int n) {
        final int end = I.loopBound(n);
        for (int i = 0; i < end; i += I.length()) {
            final long at = (long) i * Integer.BYTES;
            ints(source + at).sub(ints(target + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Integer.BYTES;
        SCALAR.subtractFrom(ElementType.I32, target + tail, source + tail, n - end);
    }

    private static void subtractFromLongs(final long target, final long source, final int n) {
        final int end = L.loopBound(n);
        for (int i = 0; i < end; i += L.length()) {
            final long at = (long) i * Long.BYTES;
            longs(source + at).sub(longs(target + at)).intoMemorySegment(Memory.ALL, target + at, ORDER);
        }
        final long tail = (long) end * Long.BYTES;
        SCALAR.subtractFrom(ElementType.I64, target + tail, source + tail, n - end);
    }

    private static IntVector ints(final long address) {
        return IntVector.fromMemorySegment(I, Memory.ALL, address, ORDER);
    }

    private static LongVector longs(final long address) {
        return LongVector.fromMemorySegment(L, Memory.ALL, address, ORDER);
    }

    private static DoubleVector doubles(final long address) {
        return DoubleVector.fromMemorySegment(D, Memory.ALL, address, ORDER);
    }

    private static FloatVector floats(final long address) {
        return FloatVector.fromMemorySegment(F, Memory.ALL, address, ORDER);
    }

    private static FloatVector floats(final long address, final VectorMask<Float> mask) {
        return FloatVector.fromMemorySegment(F, Memory.ALL, address, ORDER, mask);
    }

    private static float get(final long address) {
        return Memory.ALL.get(F32, address);
    }

    private static void set(final long address, final float value) {
        Memory.ALL.set(F32, address, value);
    }

}
