package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Holds the vector kernels against their scalar twins, in both shapes of segment. */
class RowKernelsTest {
    private static final int MAX_ELEMENTS = 300;
    private static final int GUARD = 64;
    private static final int BYTES = GUARD + MAX_ELEMENTS * 8 + GUARD;
    private static final int[] OFFSETS = {0, 1, 4, 7, 8, 13, 33, 63};

    private final SplittableRandom random = new SplittableRandom(42);
    private final AddressKernels vectorByAddress = new VectorKernels();
    private final AddressKernels scalarByAddress = new ScalarKernels();
    private final RowKernels vector = new SegmentKernels(vectorByAddress);
    private final RowKernels scalar = new SegmentKernels(scalarByAddress);
    private Arena arena;
    private MemorySegment source;
    private MemorySegment byVector;
    private MemorySegment byScalar;

    @BeforeEach
    void allocate() {
        arena = Arena.ofConfined();
        source = arena.allocate(BYTES, 64);
        byVector = arena.allocate(BYTES, 64);
        byScalar = arena.allocate(BYTES, 64);
    }

    @AfterEach
    void free() {
        arena.close();
    }

    @Test
    void theVectorKernelsAreChosenUnderTheProjectsFlags() {
        assertInstanceOf(VectorKernels.class, AddressKernels.BEST);
    }

    @ParameterizedTest
    @EnumSource
    void addIsBitExact(final ElementType type) {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            final int from = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(type, from, at);
            vector.add(type, byVector, at, source, from, n);
            scalar.add(type, byScalar, at, source, from, n);
            assertSame(type + " n=" + n);
            vector.add(type, Memory.ALL, byVector.address() + at, Memory.ALL, source.address() + from, n);
            scalar.add(type, byScalar, at, source, from, n);
            assertSame(type + " by address, n=" + n);
        }
    }

    @ParameterizedTest
    @EnumSource
    void subtractFromIsBitExact(final ElementType type) {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            final int from = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(type, from, at);
            final MemorySegment before = arena.allocate(BYTES).copyFrom(byVector);
            vector.subtractFrom(type, Memory.ALL, byVector.address() + at, Memory.ALL, source.address() + from, n);
            scalar.subtractFrom(type, byScalar, at, source, from, n);
            assertSame(type + " n=" + n);
            final long end = at + (long) n * type.bytes();
            assertEquals(-1, before.asSlice(end).mismatch(byVector.asSlice(end)), "behind the row, n=" + n);
        }
    }

    @Test
    void copiesARowAndNothingBehindIt() {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            final int from = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(ElementType.I32, from, at);
            final MemorySegment before = arena.allocate(BYTES).copyFrom(byVector);
            final int bytes = n * Integer.BYTES;
            vectorByAddress.copy(byVector.address() + at, source.address() + from, bytes);
            scalarByAddress.copy(byScalar.address() + at, source.address() + from, bytes);
            assertSame("n=" + n);
            assertEquals(-1, byVector.asSlice(at, bytes).mismatch(source.asSlice(from, bytes)), "n=" + n);
            assertEquals(-1, before.asSlice(at + bytes).mismatch(byVector.asSlice(at + bytes)), "behind, n=" + n);
        }
    }

    @Test
    void memoryOfTheWrongKindIsRefused() {
        final MemorySegment heap = MemorySegment.ofArray(new long[4]);
        assertThrows(IllegalArgumentException.class, () -> vector.add(ElementType.I64, byVector, 0, heap, 0, 4));
        assertThrows(IndexOutOfBoundsException.class, () -> vector.dot(source, 0, source, BYTES - 8, 4));
        assertThrows(IndexOutOfBoundsException.class,
                () -> vector.dot(Memory.ALL, byVector.address(), Memory.ALL, source.address(), -1));
        final MemorySegment readOnly = byVector.asReadOnly();
        assertThrows(UnsupportedOperationException.class, () -> vector.add(ElementType.I64, readOnly, 0, source, 0, 4));
        final MemorySegment closed;
        try (Arena brief = Arena.ofConfined()) {
            closed = brief.allocate(32, 8);
        }
        assertThrows(IllegalStateException.class, () -> vector.add(ElementType.F32, byVector, 0, closed, 0, 8));
        assertInstanceOf(WrongThreadException.class, CompletableFuture
                .supplyAsync(
                        () -> assertThrows(RuntimeException.class, () -> vector.axpy(1, source, 0, byVector, 0, 8)))
                .join());
    }

    @Test
    void subtractFromIsTheSourceLessTheTarget() {
        for (final RowKernels kernels : new RowKernels[] {vector, scalar}) {
            for (int i = 0; i < 37; i++) {
                byVector.setAtIndex(ValueLayout.JAVA_LONG, i, i);
                source.setAtIndex(ValueLayout.JAVA_LONG, i, 100);
            }
            kernels.subtractFrom(ElementType.I64, byVector, 0, source, 0, 37);
            for (int i = 0; i < 37; i++) {
                assertEquals(100 - i, byVector.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
    }

    @Test
    void findsWhatIsNotZero() {
        final int[] values = {1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 1 << 31 >>> 1};
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            // What lies around the row must not be found.
            source.fill((byte) 1);
            source.asSlice(at, (long) n * Integer.BYTES).fill((byte) 0);
            final int[] expected = random.ints(n / 7, 0, Math.max(1, n)).sorted().distinct().toArray();
            for (final int column : expected) {
                source.set(ValueLayout.JAVA_INT_UNALIGNED, at + 4L * column, values[column % values.length]);
            }
            for (final RowKernels kernels : new RowKernels[] {vector, scalar}) {
                final int[] found = new int[n];
                final int count = kernels.nonZeroInts(source, at, n, found);
                assertArrayEquals(expected, Arrays.copyOf(found, count), kernels + " n=" + n);
            }
        }
    }

    @Test
    void columnsThatAreTooFewAreNotWrittenTo() {
        for (final RowKernels kernels : new RowKernels[] {vector, scalar}) {
            final int[] columns = new int[MAX_ELEMENTS - 1];
            Arrays.fill(columns, -1);
            assertThrows(IndexOutOfBoundsException.class, () -> kernels.nonZeroInts(source, 0, MAX_ELEMENTS, columns));
            assertTrue(Arrays.stream(columns).allMatch(column -> column == -1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void addToBothIsTwoAdds(final ElementType type) {
        final MemorySegment secondByVector = arena.allocate(BYTES, 64);
        final MemorySegment secondByScalar = arena.allocate(BYTES, 64);
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            final int from = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(type, from, at);
            vectorByAddress.addToBoth(type, byVector.address() + at, secondByVector.address() + from,
                    source.address() + from, n);
            scalarByAddress.addToBoth(type, byScalar.address() + at, secondByScalar.address() + from,
                    source.address() + from, n);
            assertSame(type + " n=" + n);
            assertEquals(-1, secondByVector.mismatch(secondByScalar), "the second target, " + type + " n=" + n);
        }
    }

    @Test
    void aRowMayBeAddedToItself() {
        fill(ElementType.F64, 0, 0);
        vector.add(ElementType.F64, byVector, 0, byVector, 0, 101);
        scalar.add(ElementType.F64, byScalar, 0, byScalar, 0, 101);
        assertSame("doubled");
    }

    @Test
    void integersWrap() {
        final int n = 37;
        for (final RowKernels kernels : new RowKernels[] {vector, scalar}) {
            for (int i = 0; i < n; i++) {
                byVector.setAtIndex(ValueLayout.JAVA_INT, i, Integer.MAX_VALUE);
                source.setAtIndex(ValueLayout.JAVA_INT, i, i + 1);
            }
            kernels.add(ElementType.I32, byVector, 0, source, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(Integer.MIN_VALUE + i, byVector.getAtIndex(ValueLayout.JAVA_INT, i));
            }
            for (int i = 0; i < n; i++) {
                byVector.setAtIndex(ValueLayout.JAVA_LONG, i, Long.MAX_VALUE);
                source.setAtIndex(ValueLayout.JAVA_LONG, i, i + 1);
            }
            kernels.add(ElementType.I64, byVector, 0, source, 0, n);
            for (int i = 0; i < n; i++) {
                assertEquals(Long.MIN_VALUE + i, byVector.getAtIndex(ValueLayout.JAVA_LONG, i));
            }
        }
    }

    @Test
    void dotAgreesWithinRounding() {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int a = OFFSETS[n % OFFSETS.length];
            final int b = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(ElementType.F32, a, b);
            double exact = 0;
            double magnitude = 0;
            for (int i = 0; i < n; i++) {
                final double product = (double) source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, a + 4L * i)
                        * byVector.get(ValueLayout.JAVA_FLOAT_UNALIGNED, b + 4L * i);
                exact += product;
                magnitude += Math.abs(product);
            }
            // The bound of summing n rounded products in any order.
            final double tolerance = (n + 1) * Math.ulp(1.0f) * magnitude;
            assertEquals(exact, vector.dot(source, a, byVector, b, n), tolerance, "vector n=" + n);
            assertEquals(exact, scalar.dot(source, a, byVector, b, n), tolerance, "scalar n=" + n);
            assertEquals(vector.dot(source, a, byVector, b, n),
                    vector.dot(Memory.ALL, source.address() + a, Memory.ALL, byVector.address() + b, n));
        }
    }

    @Test
    void axpyAgreesWithinRounding() {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int x = OFFSETS[n % OFFSETS.length];
            final int y = OFFSETS[n / OFFSETS.length % OFFSETS.length];
            fill(ElementType.F32, x, y);
            final MemorySegment before = arena.allocate(BYTES).copyFrom(byVector);
            final float alpha = (float) (random.nextDouble() - 0.5);
            vector.axpy(alpha, source, x, byVector, y, n);
            scalar.axpy(alpha, source, x, byScalar, y, n);
            for (int i = 0; i < n; i++) {
                final double product = (double) alpha * source.get(ValueLayout.JAVA_FLOAT_UNALIGNED, x + 4L * i);
                final double old = before.get(ValueLayout.JAVA_FLOAT_UNALIGNED, y + 4L * i);
                final double tolerance = 2 * Math.ulp(1.0f) * (Math.abs(product) + Math.abs(old));
                assertEquals(product + old, byVector.get(ValueLayout.JAVA_FLOAT_UNALIGNED, y + 4L * i), tolerance);
                assertEquals(product + old, byScalar.get(ValueLayout.JAVA_FLOAT_UNALIGNED, y + 4L * i), tolerance);
            }
            assertUntouchedAround(before, y, n);
        }
    }

    /** Ties, carries, the edges of all ranges. */
    private static final int[] BITS = {0, 1, 0x7fff, 0x8000, 0x8001, 0x1_7fff, 0x1_8000, 0x1_8001, 0x7f_ffff,
            0x80_0000, 0x3f80_8000, 0x3f81_8000, 0x3fff_8000, 0x3fff_ffff, 0x7f7f_7fff, 0x7f7f_8000, 0x7f7f_ffff,
            0x7f80_0000, 0x7f80_0001, 0x7fbf_ffff, 0x7fc0_0000, 0x7fff_ffff};

    private void fillWithEdges() {
        fill(ElementType.F32, 0, 0);
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            final int edge = BITS[random.nextInt(BITS.length)] | (random.nextBoolean() ? Integer.MIN_VALUE : 0);
            source.setAtIndex(ValueLayout.JAVA_INT, i, random.nextInt(3) == 0 ? random.nextInt() : edge);
        }
    }

    @Test
    void roundingToBf16IsToNearestEvenAndKeepsWhatIsFinite() {
        for (int run = 0; run < 200; run++) {
            fillWithEdges();
            vectorByAddress.roundToBf16(byVector.address(), source.address(), MAX_ELEMENTS);
            for (int i = 0; i < MAX_ELEMENTS; i++) {
                final float value = source.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                final float rounded = Float.intBitsToFloat(byVector.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16);
                final String what = Integer.toHexString(Float.floatToRawIntBits(value)) + " to "
                        + Integer.toHexString(Float.floatToRawIntBits(rounded));
                if (!Float.isFinite(value)) {
                    assertEquals(value, rounded, what);
                    continue;
                }
                assertTrue(Float.isFinite(rounded), what);
                assertEquals(Float.floatToRawIntBits(value) < 0, Float.floatToRawIntBits(rounded) < 0, what);
                final int bits = Float.floatToRawIntBits(rounded);
                final double error = Math.abs((double) value - rounded);
                for (final int step : new int[] {-0x1_0000, 0x1_0000}) {
                    final float neighbour = Float.intBitsToFloat(bits + step);
                    if (Math.signum(neighbour) == Math.signum(value) && Float.isFinite(neighbour)) {
                        final double other = Math.abs((double) value - neighbour);
                        assertTrue(error < other || error == other && (bits & 0x1_0000) == 0, what);
                    }
                }
            }
        }
    }

    @Test
    void bf16KernelsAreBitExact() {
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            final int at = OFFSETS[n % OFFSETS.length];
            fillWithEdges();
            vectorByAddress.roundToBf16(byVector.address() + at, source.address() + 4, n);
            scalarByAddress.roundToBf16(byScalar.address() + at, source.address() + 4, n);
            assertSame("round, n=" + n);
            vectorByAddress.widenBf16(byVector.address() + at, source.address() + 2, n);
            scalarByAddress.widenBf16(byScalar.address() + at, source.address() + 2, n);
            assertSame("widen, n=" + n);
            fill(ElementType.F32, 0, at);
            vectorByAddress.addBf16(byVector.address() + at, source.address(), n);
            scalarByAddress.addBf16(byScalar.address() + at, source.address(), n);
            assertSame("add, n=" + n);
        }
    }

    @Test
    void anAddedBf16RowIsTheWidenedOne() {
        fill(ElementType.F32, 0, 0);
        final MemorySegment widened = arena.allocate(BYTES);
        scalarByAddress.widenBf16(widened.address(), source.address(), 101);
        for (final AddressKernels kernels : new AddressKernels[] {vectorByAddress, scalarByAddress}) {
            byVector.copyFrom(byScalar);
            kernels.addBf16(byVector.address(), source.address(), 101);
            final MemorySegment expected = arena.allocate(BYTES).copyFrom(byScalar);
            scalar.add(ElementType.F32, expected, 0, widened, 0, 101);
            assertEquals(-1, expected.mismatch(byVector));
        }
    }

    @Test
    void whatRoundingLeavesOutIsKeptExactly() {
        final MemorySegment left = arena.allocate(BYTES, 64);
        final MemorySegment leftByScalar = arena.allocate(BYTES, 64);
        for (int n = 0; n <= MAX_ELEMENTS; n++) {
            fillWithEdges();
            byVector.copyFrom(source);
            byScalar.copyFrom(source);
            fill(left);
            leftByScalar.copyFrom(left);
            final MemorySegment before = arena.allocate(BYTES).copyFrom(left);
            vectorByAddress.roundWithResidual(byVector.address(), left.address(), n);
            scalarByAddress.roundWithResidual(byScalar.address(), leftByScalar.address(), n);
            for (int i = 0; i < n; i++) {
                final float sum = source.getAtIndex(ValueLayout.JAVA_FLOAT, i)
                        + before.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                final float rounded = byVector.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                final float rest = left.getAtIndex(ValueLayout.JAVA_FLOAT, i);
                assertEquals(rounded, byScalar.getAtIndex(ValueLayout.JAVA_FLOAT, i));
                assertEquals(rest, leftByScalar.getAtIndex(ValueLayout.JAVA_FLOAT, i));
                assertEquals(0, Float.floatToRawIntBits(rounded) & 0xffff, "bf16");
                if (Float.isFinite(sum)) {
                    assertEquals(sum, (double) rounded + rest, "nothing is lost");
                } else {
                    assertEquals(sum, rounded);
                    assertEquals(0, rest);
                }
            }
            assertUntouchedAround(source, 0, n);
        }
    }

    private void fill(final MemorySegment floats) {
        for (int i = 0; i < MAX_ELEMENTS; i++) {
            floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextDouble(-1, 1));
        }
    }

    private void assertUntouchedAround(final MemorySegment before, final long from, final int n) {
        final long to = from + 4L * n;
        assertEquals(-1, before.asSlice(0, from).mismatch(byVector.asSlice(0, from)), "before the row, n=" + n);
        assertEquals(-1, before.asSlice(to).mismatch(byVector.asSlice(to)), "behind the row, n=" + n);
    }

    private void assertSame(final String what) {
        assertEquals(-1, byScalar.mismatch(byVector), what + ": first byte that differs");
    }

    /** Random elements of both signs from the two offsets on, random bytes before them. */
    private void fill(final ElementType type, final int sourceOffset, final int targetOffset) {
        for (int i = 0; i < GUARD; i++) {
            source.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
            byVector.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (long i = 0; i < MAX_ELEMENTS; i++) {
            put(type, source, sourceOffset + i * type.bytes());
            put(type, byVector, targetOffset + i * type.bytes());
        }
        byScalar.copyFrom(byVector);
    }

    private void put(final ElementType type, final MemorySegment segment, final long offset) {
        switch (type) {
            case F32 -> segment.set(ValueLayout.JAVA_FLOAT_UNALIGNED, offset, (float) random.nextDouble(-1000, 1000));
            case F64 -> segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, offset, random.nextDouble(-1000, 1000));
            case I32 -> segment.set(ValueLayout.JAVA_INT_UNALIGNED, offset, random.nextInt());
            case I64 -> segment.set(ValueLayout.JAVA_LONG_UNALIGNED, offset, random.nextLong());
        }
    }
}
