package io.rubato.bench;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.aeron.Aeron;
import io.aeron.ChannelUriStringBuilder;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.Subscription;
import io.aeron.logbuffer.BufferClaim;
import io.aeron.logbuffer.FragmentHandler;
import io.rubato.kernel.Memory;
import io.rubato.node.Idle;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One of two processes with nothing in them but Aeron and the bare kernel: what messages and additions cost without
 * Rubato. Both use the idle strategies, MTU and term length that Rubato uses. A stream is named by its number over IPC
 * and its port over UDP.
 */
final class AeronRole implements ChildMain.Role {
    /** Taken at a time, as by a shard: 64 long ones are half a term over IPC, as much as the sender may be ahead. */
    private static final int FRAGMENTS = 16;
    private static final int STREAM_OF_UDP = 77;
    /** What is sent lies in cache, as what was just computed does. */
    private static final int SOURCE_BYTES = 1 << 20;

    private final Aeron aeron;
    private final Map<Integer, Subscription> subscriptions = new HashMap<>();
    private final Map<Integer, ExclusivePublication> publications = new HashMap<>();
    private final BufferClaim claim = new BufferClaim();
    private final UnsafeBuffer source = new UnsafeBuffer(ByteBuffer.allocateDirect(SOURCE_BYTES));
    private int received;
    private long receivedBytes;

    AeronRole(final Path directory) {
        aeron = Aeron.connect(new Aeron.Context().aeronDirectoryName(Member.driver(directory).resolve("aeron")
                .toString()));
        for (int i = 0; i < SOURCE_BYTES; i += Float.BYTES) {
            source.putFloat(i, 1);
        }
    }

    @Override
    public Map<String, Double> on(final String... words) {
        return switch (words[0]) {
            case "subscribe" -> subscribe(wire(words), number(words, 4));
            case "publish" -> publish(wire(words), number(words, 4));
            case "receive" -> receive(subscriptions.get(number(words, 1)), number(words, 2));
            case "send" -> send(publications.get(number(words, 1)), number(words, 2), number(words, 3));
            case "pong" -> pong(subscriptions.get(number(words, 1)), publications.get(number(words, 2)),
                    number(words, 3), number(words, 4));
            case "ping" -> ping(publications.get(number(words, 1)), subscriptions.get(number(words, 2)),
                    number(words, 3), number(words, 4));
            case "receive-and-add" ->
                receiveAndAdd(subscriptions.get(number(words, 1)), number(words, 2), number(words, 3),
                        number(words, 4), number(words, 5), number(words, 6));
            case "add" -> add(number(words, 1), number(words, 2), number(words, 3));
            default -> throw new IllegalArgumentException("bare Aeron knows no " + words[0]);
        };
    }

    private static int number(final String[] words, final int index) {
        return Integer.parseInt(words[index]);
    }

    private static Wire wire(final String... words) {
        return new Wire(words[1].equals("UDP"), number(words, 2), number(words, 3));
    }

    private static int stream(final Wire wire, final int number) {
        return wire.udp() ? STREAM_OF_UDP : number;
    }

    private static IdleStrategy workerIdle(final int stream) {
        return Idle.BACKOFF.ofWorker(stream == STREAM_OF_UDP);
    }

    private static IdleStrategy agentIdle(final int stream) {
        return Idle.BACKOFF.ofAgent(stream == STREAM_OF_UDP);
    }

    private static ChannelUriStringBuilder channel(final Wire wire, final int number) {
        return wire.udp() ? new ChannelUriStringBuilder().media("udp").endpoint(Wire.HOST + ":" + number)
                : new ChannelUriStringBuilder().media("ipc");
    }

    private Map<String, Double> subscribe(final Wire wire, final int number) {
        subscriptions.put(number, aeron.addSubscription(channel(wire, number).build(), stream(wire, number)));
        return Map.of();
    }

    private Map<String, Double> publish(final Wire wire, final int number) {
        final ChannelUriStringBuilder channel =
                channel(wire, number).mtu(wire.mtu()).termLength(wire.termLength()).sparse(true);
        final ExclusivePublication publication = aeron.addExclusivePublication(
                wire.udp() ? channel.networkInterface(Wire.HOST).build() : channel.build(), stream(wire, number));
        publications.put(number, publication);
        final IdleStrategy idle = workerIdle(publication.streamId());
        while (!publication.isConnected()) {
            idle.idle();
        }
        return Map.of();
    }

    /** Takes messages; the clock runs from the end of the first to the end of the last. */
    private Map<String, Double> receive(final Subscription subscription, final int messages) {
        return receive(subscription, messages, (buffer, offset, length, header) -> {});
    }

    /** The same, and adds the rows of the records that a message ends with to random rows with the bare kernel. */
    private Map<String, Double> receiveAndAdd(final Subscription subscription, final int messages,
            final int tableRows, final int columns, final int perMessage, final int recordLength) {
        try (Arena arena = Arena.ofConfined()) {
            final Rows table = Rows.allocate(arena, tableRows, columns);
            final RowVisits visits = new RowVisits(tableRows);
            final Map<String, Double> result = receive(subscription, messages, (buffer, offset, length, header) -> {
                final long end = Memory.address(buffer, offset) + length;
                for (int i = perMessage; i > 0; i--) {
                    table.add(visits.visit(), Memory.ALL, end - (long) i * recordLength + RowRecords.HEADER_LENGTH);
                }
            });
            final double sum = IntStream.range(0, tableRows)
                    .mapToDouble(row -> table.memory().get(JAVA_FLOAT, table.offset(row))).sum();
            if (sum != (double) messages * perMessage) {
                throw new IllegalStateException(sum + " rows were added, not " + messages + " times " + perMessage);
            }
            return result;
        }
    }

    /** Takes messages; of each the consumer sees the content after it was counted. */
    private Map<String, Double> receive(final Subscription subscription, final int messages,
            final FragmentHandler consumer) {
        received = 0;
        receivedBytes = 0;
        final FragmentHandler handler = (buffer, offset, length, header) -> {
            received++;
            receivedBytes += length;
            consumer.onFragment(buffer, offset, length, header);
        };
        final IdleStrategy idle = agentIdle(subscription.streamId());
        while (received == 0) {
            idle.idle(subscription.poll(handler, 1));
        }
        final long start = System.nanoTime();
        receivedBytes = 0;
        while (received < messages) {
            idle.idle(subscription.poll(handler, FRAGMENTS));
        }
        final Map<String, Double> result = new LinkedHashMap<>();
        result.put("seconds", (System.nanoTime() - start) / 1e9);
        result.put("bytes", (double) receivedBytes);
        return result;
    }

    /** Sends messages whose content is copied into the claimed buffer. */
    private Map<String, Double> send(final ExclusivePublication publication, final int messages, final int length) {
        final IdleStrategy idle = agentIdle(publication.streamId());
        int from = 0;
        for (int i = 0; i < messages; i++) {
            offer(publication, length, from, idle);
            from = from + 2 * length <= SOURCE_BYTES ? from + length : 0;
        }
        return Map.of();
    }

    private void offer(final ExclusivePublication publication, final int length, final int from,
            final IdleStrategy idle) {
        long position;
        while ((position = publication.tryClaim(length, claim)) < 0) {
            if (position == Publication.CLOSED || position == Publication.MAX_POSITION_EXCEEDED) {
                throw new IllegalStateException("bare Aeron cannot send: " + position);
            }
            idle.idle();
        }
        idle.reset();
        claim.buffer().putBytes(claim.offset(), source, from, length);
        claim.commit();
    }

    /** Answers messages. */
    private Map<String, Double> pong(final Subscription subscription, final ExclusivePublication publication,
            final int messages, final int length) {
        received = 0;
        final IdleStrategy busy = agentIdle(publication.streamId());
        final FragmentHandler handler = (buffer, offset, size, header) -> {
            received++;
            offer(publication, length, 0, busy);
        };
        final IdleStrategy idle = agentIdle(subscription.streamId());
        while (received < messages) {
            idle.idle(subscription.poll(handler, FRAGMENTS));
        }
        return Map.of();
    }

    /** Sends messages, each when the last one is answered; percentiles of the round trip in nanoseconds. */
    private Map<String, Double> ping(final ExclusivePublication publication, final Subscription subscription,
            final int messages, final int length) {
        final Latencies latencies = new Latencies();
        final FragmentHandler handler = (buffer, offset, size, header) -> received++;
        final IdleStrategy idle = workerIdle(publication.streamId());
        received = 0;
        for (int i = 0; i < messages; i++) {
            final long start = System.nanoTime();
            offer(publication, length, 0, idle);
            while (received == i) {
                idle.idle(subscription.poll(handler, 1));
            }
            latencies.record(System.nanoTime() - start);
        }
        return latencies.toMap();
    }

    /** Adds rows that lie in cache to random rows with the bare kernel. */
    private static Map<String, Double> add(final int tableRows, final int columns, final int additions) {
        try (Arena arena = Arena.ofConfined()) {
            final Rows table = Rows.allocate(arena, tableRows, columns);
            final int sources = SOURCE_BYTES / (columns * Float.BYTES);
            final Rows deltas = Rows.allocate(arena, sources, columns).fill(1);
            final RowVisits visits = new RowVisits(tableRows);
            // The first half warms up.
            long start = 0;
            for (int i = 0; i < 2 * additions; i++) {
                start = i == additions ? System.nanoTime() : start;
                table.add(visits.visit(), deltas.memory(), deltas.offset(i % sources));
            }
            return Map.of("seconds", (System.nanoTime() - start) / 1e9, "operations", (double) additions);
        }
    }
}
