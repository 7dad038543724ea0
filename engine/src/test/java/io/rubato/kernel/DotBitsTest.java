package io.rubato.kernel;

import static org.junit.jupiter.api.Assertions.assertIterableEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * One worker under BSP equals the serial loop bit for bit, whose inner products were compiled at another time: their
 * bits must not tell.
 */
class DotBitsTest {
    private static final int COLUMNS = 150;

    /** Prints the bits of inner products; run by the test in a JVM that only interprets. */
    static final class Printer {
        private Printer() {
        }

        public static void main(final String[] args) {
            bits().forEach(System.out::println);
        }
    }

    @Test
    void interpretedAndCompiledAreTheSame() throws Exception {
        final List<String> interpreted = OtherJvm.run(Printer.class, "-Xint", "--add-modules", "jdk.incubator.vector");
        for (int i = 0; i < 1000; i++) {
            assertIterableEquals(interpreted, bits());
        }
    }

    /** Of rows of every length up to {@link #COLUMNS}, in whose sums the order of addition tells. */
    private static List<String> bits() {
        final List<String> bits = new ArrayList<>();
        bits.add(AddressKernels.BEST.getClass().getSimpleName());
        final Random random = new Random(1);
        try (Arena arena = Arena.ofConfined()) {
            final MemorySegment a = arena.allocate(ValueLayout.JAVA_FLOAT, COLUMNS);
            final MemorySegment b = arena.allocate(ValueLayout.JAVA_FLOAT, COLUMNS);
            for (int i = 0; i < COLUMNS; i++) {
                a.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
                b.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat());
            }
            for (int n = 0; n <= COLUMNS; n++) {
                bits.add(n + " " + Integer.toHexString(Float.floatToRawIntBits(RowKernels.BEST.dot(a, 0, b, 0, n))));
            }
        }
        return bits;
    }
}
