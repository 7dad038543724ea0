package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.Table;
import io.rubato.clock.Gate;
import io.rubato.clock.Sample;
import io.rubato.clock.Sampler;
import io.rubato.protocol.BadMessageException;
import io.rubato.protocol.Link;
import io.rubato.protocol.sbe.ClockAnswerDecoder;
import io.rubato.protocol.sbe.ClockAnswerEncoder;
import io.rubato.protocol.sbe.ClockRequestDecoder;
import io.rubato.protocol.sbe.ClockRequestEncoder;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Sampled gates without a central view: before a worker reads, its client asks the clients of the drawn workers for
 * their clocks, and each answers once its worker is far enough. The clock that a client tells is one that every shard
 * has acknowledged, so that an image asked for afterwards holds what the gate is about.
 *
 * <p>Source: Wang, Catterall and Mortier 2017, section 4, the fully distributed barrier. Used by the agent's thread.
 */
final class Peers {
    private static final long REPEAT_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int REQUEST_LENGTH =
            MessageHeaderEncoder.ENCODED_LENGTH + ClockRequestEncoder.BLOCK_LENGTH;
    private static final int ANSWER_LENGTH = MessageHeaderEncoder.ENCODED_LENGTH + ClockAnswerEncoder.BLOCK_LENGTH;

    private final long job;
    private final int client;
    private final int workersPerClient;
    private final ShardLink[] shards;
    private final IntFunction<Link> connect;
    private final Link[] links;
    private final Sampler sampler;
    /** The newest clock heard of each worker of other clients. */
    private final long[] heard;
    private final List<Map<Integer, Barrier>> barriers = new ArrayList<>();
    private final List<Enquiry> enquiries = new ArrayList<>();
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();
    private final ClockRequestEncoder request = new ClockRequestEncoder();
    private final ClockAnswerEncoder answer = new ClockAnswerEncoder();

    /** Somebody wants to know when a worker of this client has reached a clock. */
    private record Enquiry(int client, int worker, long clock) {
    }

    /** What a worker has to pass at one clock to read a table. */
    private static final class Barrier {
        private final Sample sample = new Sample();
        private long clock = -1;
        private boolean isOpen;
        /** Members before were asked since the last round of enquiries began. */
        private int asked;
        private long nextRoundNs;
        private int laggard;
    }

    Peers(final long job, final int client, final int clients, final int workersPerClient, final ShardLink[] shards,
            final IntFunction<Link> connect) {
        this.job = job;
        this.client = client;
        this.workersPerClient = workersPerClient;
        this.shards = shards;
        this.connect = connect;
        this.links = new Link[clients];
        this.sampler = new Sampler(clients * workersPerClient);
        this.heard = new long[clients * workersPerClient];
        for (int i = 0; i < workersPerClient; i++) {
            barriers.add(new HashMap<>());
        }
    }

    /** Whether a read has to pass here. */
    static boolean concerns(final Table table, final int staleness) {
        final Consistency consistency = table.spec().consistency();
        return consistency.sampling() == Consistency.Sampling.PEERS && Gate.isSampled(consistency, staleness);
    }

    /** Whether a worker of this client may read a table at a clock; if not, sees to it that its peers are asked. */
    boolean isOpen(final int worker, final Table table, final long clock, final long nowNs) {
        final Barrier barrier = barriers.get(worker).computeIfAbsent(table.id(), _ -> new Barrier());
        final Consistency consistency = table.spec().consistency();
        if (barrier.clock != clock) {
            sampler.draw(job + table.id(), client * workersPerClient + worker, clock, consistency.sample(),
                    barrier.sample);
            barrier.clock = clock;
            barrier.isOpen = false;
            barrier.asked = 1;
            barrier.nextRoundNs = nowNs + REPEAT_NS;
        }
        if (!barrier.isOpen) {
            final long wanted = Gate.freshness(consistency, Gate.TABLE_BOUND, clock);
            ask(barrier, wanted, nowNs);
            barrier.laggard = laggard(barrier.sample, wanted);
            barrier.isOpen = barrier.laggard == Gate.NOBODY;
        }
        return barrier.isOpen;
    }

    /** Whom a worker waits for, or {@link Gate#NOBODY}. */
    int waitsFor(final int worker, final int table) {
        final Barrier barrier = barriers.get(worker).get(table);
        return barrier == null || barrier.isOpen ? Gate.NOBODY : barrier.laggard;
    }

    /** The reader counts too: its image may serve other workers of this client, who need its deltas. */
    private int laggard(final Sample sample, final long wanted) {
        for (int i = 0; i < sample.size(); i++) {
            if (clockOf(sample.member(i)) < wanted) {
                return sample.member(i);
            }
        }
        return Gate.NOBODY;
    }

    private void ask(final Barrier barrier, final long wanted, final long nowNs) {
        if (barrier.asked == barrier.sample.size() && nowNs - barrier.nextRoundNs >= 0) {
            barrier.asked = 1;
            barrier.nextRoundNs = nowNs + REPEAT_NS;
        }
        while (barrier.asked < barrier.sample.size()) {
            final int worker = barrier.sample.member(barrier.asked);
            if (!isMine(worker) && heard[worker] < wanted && !sendRequest(worker, wanted)) {
                return;
            }
            barrier.asked++;
        }
    }

    private boolean isMine(final int worker) {
        return worker / workersPerClient == client;
    }

    private long clockOf(final int worker) {
        if (!isMine(worker)) {
            return heard[worker];
        }
        long least = Long.MAX_VALUE;
        for (final ShardLink shard : shards) {
            least = Math.min(least, shard.acknowledgedClock(worker % workersPerClient));
        }
        return least;
    }

    private boolean sendRequest(final int worker, final long wanted) {
        final Link link = link(worker / workersPerClient);
        if (!link.claim(REQUEST_LENGTH)) {
            return false;
        }
        request.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).clock(wanted).client(client)
                .worker(worker);
        link.commit();
        return true;
    }

    private Link link(final int peer) {
        if (links[peer] == null) {
            links[peer] = connect.apply(peer);
        }
        return links[peer];
    }

    void onClockRequest(final ClockRequestDecoder message) {
        final Enquiry enquiry = new Enquiry(message.client(), message.worker(), message.clock());
        if (enquiry.client < 0 || enquiry.client >= links.length || enquiry.client == client
                || enquiry.worker < 0 || !isMine(enquiry.worker)) {
            throw new BadMessageException("client " + enquiry.client + " asks for the clock of worker "
                    + enquiry.worker);
        }
        if (!enquiries.contains(enquiry)) {
            enquiries.add(enquiry);
        }
    }

    void onClockAnswer(final ClockAnswerDecoder message) {
        final int worker = message.worker();
        if (worker < 0 || worker >= heard.length || isMine(worker)) {
            throw new BadMessageException("a clock of worker " + worker);
        }
        heard[worker] = Math.max(heard[worker], message.clock());
    }

    /** Answers those whose worker is far enough. */
    int answer() {
        int work = 0;
        for (final Iterator<Enquiry> i = enquiries.iterator(); i.hasNext();) {
            final Enquiry enquiry = i.next();
            final long clock = clockOf(enquiry.worker);
            if (clock >= enquiry.clock && link(enquiry.client).claim(ANSWER_LENGTH)) {
                final Link link = link(enquiry.client);
                answer.wrapAndApplyHeader(link.buffer(), link.offset(), header).job(job).clock(clock)
                        .worker(enquiry.worker);
                link.commit();
                i.remove();
                work++;
            }
        }
        return work;
    }
}
