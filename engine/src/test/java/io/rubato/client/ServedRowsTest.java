package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServedRowsTest {
    private static final int ROWS = 20;
    private static final int NOT_SERVED = -1;

    /**
     * Far more clocks than there are generations; some rows are served again only after all of these have gone round.
     */
    @Test
    void aRowIsServedInItsClockOnly() {
        final ServedRows served = new ServedRows(ROWS);
        final SplittableRandom random = new SplittableRandom(1);
        final Map<Integer, Integer> model = new HashMap<>();
        for (long clock = 0; clock < 1_000; clock++) {
            model.clear();
            assertServed(model, served);
            for (int i = random.nextInt(4); i > 0; i--) {
                final int row = random.nextInt(random.nextInt(1, ROWS + 1));
                if (random.nextInt(4) == 0) {
                    served.forget(row);
                    model.remove(row);
                } else {
                    final int lag = random.nextInt(2 * ServedRows.LONGEST_LAG);
                    served.serve(row, lag);
                    model.put(row, Math.min(lag, ServedRows.LONGEST_LAG));
                }
            }
            assertServed(model, served);
            served.clockEnded();
        }
    }

    private static void assertServed(final Map<Integer, Integer> lags, final ServedRows served) {
        for (int row = 0; row < ROWS; row++) {
            final int lag = served.lag(row);
            assertEquals(lags.getOrDefault(row, NOT_SERVED), lag > ServedRows.LONGEST_LAG ? NOT_SERVED : lag);
        }
    }

    @Test
    void knowsTheRowsOfItsTable() {
        final ServedRows served = new ServedRows(ROWS);
        assertTrue(served.knows(0) && served.knows(ROWS - 1));
        assertFalse(served.knows(-1) || served.knows(ROWS));
    }
}
