package io.rubato.node;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Spins for a moment, yields for as long as nobody else wants the core for long, then parks for longer and longer. A
 * yield that takes long has let somebody else compute, who would wait for this thread's next yields; while yields take
 * little, to yield costs nobody anything, and who yields goes on sooner than who has to wake up. For one thread.
 */
final class CourteousIdle implements IdleStrategy {
    /** A yield that takes longer has given the core to one who computes; others just look for something to do. */
    static final long SHORT_YIELD_NS = 40_000;
    /** A datagram and its answer take 30 us over loopback; who parks meanwhile may wake up 50 us late. */
    static final long YIELDING_NS = 100_000;

    private final int spins;
    private final long minParkNs;
    private final long maxParkNs;
    private final NanoClock time;
    private final Runnable yield;
    private final LongConsumer park;
    private int spun;
    private boolean parks;
    private long parkNs;
    private long yieldingSince;

    /**
     * A thread's.
     *
     * @param spins at first
     * @param minParkNs the first park; each is twice as long as the one before
     * @param maxParkNs the longest park
     */
    CourteousIdle(final int spins, final long minParkNs, final long maxParkNs) {
        this(spins, minParkNs, maxParkNs, System::nanoTime, Thread::yield, LockSupport::parkNanos);
    }

    CourteousIdle(final int spins, final long minParkNs, final long maxParkNs, final NanoClock time,
            final Runnable yield, final LongConsumer park) {
        this.spins = spins;
        this.minParkNs = minParkNs;
        this.maxParkNs = maxParkNs;
        this.time = time;
        this.yield = yield;
        this.park = park;
        this.parkNs = minParkNs;
    }

    @Override
    public void idle(final int workCount) {
        if (workCount > 0) {
            reset();
        } else {
            idle();
        }
    }

    @Override
    public void idle() {
        if (parks) {
            park.accept(parkNs);
            parkNs = Math.min(parkNs << 1, maxParkNs);
        } else if (spun < spins) {
            Thread.onSpinWait();
            spun++;
            if (spun == spins) {
                yieldingSince = time.nanoTime();
            }
        } else {
            yieldOnce();
        }
    }

    private void yieldOnce() {
        final long before = time.nanoTime();
        yield.run();
        final long after = time.nanoTime();
        parks = after - before > SHORT_YIELD_NS || after - yieldingSince > YIELDING_NS;
    }

    @Override
    public void reset() {
        spun = 0;
        parks = false;
        parkNs = minParkNs;
    }
}
