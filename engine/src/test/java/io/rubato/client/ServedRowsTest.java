package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ServedRowsTest {
    private static final int ROWS = 20;

    /** Far more clocks than there are generations; some rows are served again only after all of these have gone round. */
    @Test
    void aRowIsServedInItsClockOnly() {
        final ServedRows served = new ServedRows(ROWS);
        final SplittableRandom random = new SplittableRandom(1);
        final Map<Integer, Integer> model = new HashMap<>();
        for (long clock = 0; clock < 1_000; clock++) {
            model.clear();
            for (int row = 0; row < ROWS; row++) {
                assertEquals(ServedRows.NOT_SERVED, served.lag(row, clock));
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                final int row = random.nextInt(random.nextInt(1, ROWS + 1));
                if (random.nextInt(4) == 0) {
                    served.forget(row);
                    model.remove(row);
                } else {
                    final int lag = random.nextInt(2 * ServedRows.LONGEST_LAG);
                    served.serve(row, clock, lag);
                    model.put(row, Math.min(lag, ServedRows.LONGEST_LAG));
                }
            }
            for (int row = 0; row < ROWS; row++) {
                assertEquals(model.getOrDefault(row, ServedRows.NOT_SERVED), served.lag(row, clock));
                assertEquals(ServedRows.NOT_SERVED, served.lag(row, clock + 1));
            }
        }
    }
}
