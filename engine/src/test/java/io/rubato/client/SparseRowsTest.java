package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Whole-row deltas that travel without their zeros. */
class SparseRowsTest {
    /** What is counted is written, to the bit; -0.0 and NaN are no zeros. */
    @Test
    void everyColumnThatIsNotAllZeroBitsTravels() {
        final double[] values = {0, -0.0, 1, Double.NaN, 0, Double.MIN_VALUE, 0};
        final TableSpec spec = new TableSpec("t", 1, values.length, ElementType.F64, Consistency.bsp());
        final DeltaLog log = new DeltaLog(spec, 4, Arena.ofAuto());
        final long n = log.append(0, false, -1);
        MemorySegment.copy(values, 0, Memory.ALL, ValueLayout.JAVA_DOUBLE_UNALIGNED, log.address(n), values.length);
        assertEquals(4, SparseRows.count(log, spec, n));
        final MemorySegment encoded = Arena.ofAuto().allocate(12L * values.length, 8).fill((byte) 0x55);
        SparseRows.encode(log, spec, n, 4, encoded.address());
        final int[] columns = {1, 2, 3, 5};
        for (int i = 0; i < columns.length; i++) {
            assertEquals(columns[i], encoded.getAtIndex(ValueLayout.JAVA_INT, i));
            assertEquals(Double.doubleToRawLongBits(values[columns[i]]),
                    encoded.get(ValueLayout.JAVA_LONG, 16 + 8L * i));
        }
        assertEquals(0x5555_5555, encoded.getAtIndex(ValueLayout.JAVA_INT, 12), "nothing behind");
    }
}
