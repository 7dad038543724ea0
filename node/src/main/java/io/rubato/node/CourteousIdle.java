package io.rubato.node;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Spins for a moment, yields a few times, goes on yielding for as long as that promises to be short and costs nobody
 * anything, then parks for longer and longer. A yield that takes long has let somebody compute, who has to wait in turn
 * when this thread is done; and who has waited for long, by {@link #reset} and not by work that came meanwhile, expects
 * to do so the next time. While neither is so, who yields goes on sooner than who has to wake up. For one thread.
 */
final class CourteousIdle implements IdleStrategy {
    /** A yield that takes longer has given the core to one who computes; others just look for something to do. */
    static final long SHORT_YIELD_NS = 40_000;
    /** A datagram and its answer take 30 us over loopback, and who parks meanwhile may wake up 50 us late. */
    static final long YIELDING_NS = 100_000;
    /** A wait that takes longer, late wake-ups included, is not for one answer. */
    static final long SHORT_WAIT_NS = 200_000;

    private final int spins;
    private final int minYields;
    private final long minParkNs;
    private final long maxParkNs;
    private final NanoClock time;
    private final Runnable yielding;
    private final LongConsumer parking;
    private int spun;
    private int yielded;
    private long yieldingSince;
    private boolean isWanted;
    private boolean waits;
    private long waitsSince;
    private boolean waitedLong;
    private boolean parks;
    private long parkNs;

    /**
     * A thread's.
     *
     * @param spins     at first
     * @param minYields then, however long they take
     * @param minParkNs the first park; each is twice as long as the one before
     * @param maxParkNs the longest park
     */
    CourteousIdle(final int spins, final int minYields, final long minParkNs, final long maxParkNs) {
        this(spins, minYields, minParkNs, maxParkNs, System::nanoTime, Thread::yield, LockSupport::parkNanos);
    }

    CourteousIdle(final int spins, final int minYields, final long minParkNs, final long maxParkNs,
            final NanoClock time, final Runnable yielding, final LongConsumer parking) {
        this.spins = spins;
        this.minYields = minYields;
        this.minParkNs = minParkNs;
        this.maxParkNs = maxParkNs;
        this.time = time;
        this.yielding = yielding;
        this.parking = parking;
        this.parkNs = minParkNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            beginAnew();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (spun < spins) {
            Thread.onSpinWait();
            spun++;
        } else if (parks) {
            parking.accept(parkNs);
            parkNs = Math.min(parkNs << 1, maxParkNs);
        } else {
            yieldOnce();
        }
    }

    private void yieldOnce() {
        final long before = time.nanoTime();
        if (yielded == 0) {
            yieldingSince = before;
        }
        if (!waits) {
            waits = true;
            waitsSince = before;
        }
        yielding.run();
        final long after = time.nanoTime();
        yielded++;
        isWanted |= after - before > SHORT_YIELD_NS;
        parks = yielded >= minYields && (isWanted || waitedLong || after - yieldingSince > YIELDING_NS);
    }

    /** What was waited for is there. */
    @Override
    public void reset() {
        if (waits) {
            waitedLong = time.nanoTime() - waitsSince > SHORT_WAIT_NS;
            waits = false;
        }
        beginAnew();
    }

    private void beginAnew() {
        spun = 0;
        yielded = 0;
        isWanted = false;
        parks = false;
        parkNs = minParkNs;
    }
}
