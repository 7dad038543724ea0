package io.rubato.node;

import java.util.Locale;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.BusySpinIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a thread does that has nothing to do: {@code --idle}. */
public enum Idle {
    /** Spins and yields for a moment, then parks for longer and longer: for machines with fewer cores than threads. */
    BACKOFF,
    /** Offers its core to other threads, and goes on at once if there are none: never parks, and keeps a core busy. */
    YIELD,
    /** Keeps its core: only where every shard, client, worker and media driver has one of its own. */
    SPIN;

    static final String OPTION = "--idle";
    static final String DEFAULT = "backoff";

    static final String DESCRIPTION =
            "What shards, clients, workers and media driver do that have nothing to do: backoff (spin, yield, then "
                    + "park), yield, or spin, if each has a core of its own (default ${DEFAULT-VALUE}).";

    private static final int SPINS = 10;
    private static final int YIELDS = 20;
    private static final int CALM_YIELDS = 1;
    private static final long MIN_PARK_NS = 1_000;
    /** What a worker that waits may oversleep. */
    private static final long WORKER_PARK_NS = 100_000;
    /** What a busy agent may oversleep: a shorter park costs workers more time than it saves. */
    private static final long AGENT_PARK_NS = 250_000;
    /** How long a calm agent parks first. */
    private static final long MIN_CALM_PARK_NS = 250_000;
    /** What a calm agent may oversleep. */
    private static final long MAX_CALM_PARK_NS = 1_000_000;

    /** Parses the option's value. */
    public static final class Parser implements ITypeConverter<Idle> {
        /** Made by the command line. */
        public Parser() {
        }

        /**
         * The one with a name.
         *
         * @throws TypeConversionException if there is none
         */
        @Override
        public Idle convert(final String name) {
            try {
                return of(name);
            } catch (final IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    /**
     * The one with a name.
     *
     * @param name what {@link #toString} says
     * @return that one
     * @throws IllegalArgumentException if there is none
     */
    public static Idle of(final String name) {
        for (final Idle idle : values()) {
            if (idle.toString().equals(name)) {
                return idle;
            }
        }
        throw new IllegalArgumentException("expected backoff, yield or spin, got '" + name + "'");
    }

    /**
     * How a worker waits.
     *
     * @param overNetwork whether what it waits for may cross a network
     * @return for one thread
     */
    public IdleStrategy ofWorker(final boolean overNetwork) {
        return keenly(overNetwork, WORKER_PARK_NS);
    }

    /**
     * How an agent waits on which every row depends: a shard, a media driver that is on a network. Backing off, it
     * yields, so that it does not stop workers that compute.
     *
     * @param overNetwork whether it answers what has crossed a network; false for a driver, whose yields would keep a
     *                    core from those whose messages it carries
     * @return for one thread
     */
    public IdleStrategy ofAgent(final boolean overNetwork) {
        return keenly(overNetwork, AGENT_PARK_NS);
    }

    /**
     * How an agent waits that is seldom waited for: the coordinator, a media driver between processes of one machine,
     * and a client, whose workers run its duty cycle themselves when they wait or end a clock. Backing off, it parks
     * almost at once when its work is done, and wakes up seldom: a thread that yields stands in the queue of a core
     * that another could use.
     *
     * @return for one thread
     */
    public IdleStrategy ofCalmAgent() {
        return backingOff(CALM_YIELDS, MIN_CALM_PARK_NS, MAX_CALM_PARK_NS);
    }

    /** Over shared memory an answer comes while a thread yields a few times, over a network while it yields for longer. */
    private IdleStrategy keenly(final boolean overNetwork, final long maxParkNs) {
        return overNetwork && this == BACKOFF ? new CourteousIdle(SPINS, YIELDS, MIN_PARK_NS, maxParkNs)
                : backingOff(YIELDS, MIN_PARK_NS, maxParkNs);
    }

    private IdleStrategy backingOff(final int yields, final long minParkNs, final long maxParkNs) {
        return switch (this) {
            case BACKOFF -> new BackoffIdleStrategy(SPINS, yields, minParkNs, maxParkNs);
            case YIELD -> YieldingIdleStrategy.INSTANCE;
            case SPIN -> BusySpinIdleStrategy.INSTANCE;
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
