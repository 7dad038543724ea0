package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.rubato.ElementType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
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
    private final RowKernels vector = new VectorKernels();
    private final RowKernels scalar = new ScalarKernels();
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
        assertInstanceOf(VectorKernels.class, RowKernels.BEST);
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
    void addFloatsIsAddOfF32() {
        fill(ElementType.F32, 8, 4);
        vector.addFloats(byVector, 4, source, 8, 77);
        scalar.add(ElementType.F32, byScalar, 4, source, 8, 77);
        assertSame("addFloats");
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
            vector.addToBoth(type, byVector, at, secondByVector, from, source, from, n);
            scalar.addToBoth(type, byScalar, at, secondByScalar, from, source, from, n);
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
