package io.rubato.bench;

import io.rubato.TableSpec;
import io.rubato.node.FailureException;
import io.rubato.protocol.RowRecords;
import io.rubato.store.SlabStoreFactory;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rows between a client process and a shard process over one medium, and beside them two processes with bare Aeron that
 * use the same media driver. All measurements are called one after the other.
 */
final class WireBench implements AutoCloseable {
    /** Length of a question in a ping-pong, bytes. */
    static final int QUESTION_LENGTH = 64;

    private final Wire wire;
    private final TableSpec table;
    private final LocalCluster cluster;
    private final Child here;
    private final Child there;
    private final int forth;
    private final int back;

    /** Tables of that many rows, without staleness. */
    WireBench(final Wire wire, final int rows, final int columns) {
        this.wire = wire;
        table = ClientWork.spec(rows, columns, 0);
        cluster = new LocalCluster(wire, 1, 1);
        try {
            if (!wire.udp()) {
                cluster.askClients("table", ClientWork.ONE_SIDED, 1, rows, columns, 0);
                cluster.askClients("touch");
            }
            for (final String name : List.of(ClientWork.NARROW, ClientWork.ROWS)) {
                cluster.askClients("table", name, 1, rows, columns, 0);
                cluster.askClients("touch");
            }
            final List<String> bare = List.of("aeron", cluster.directory().toString());
            here = cluster.start("bare sender", bare);
            there = cluster.start("bare receiver", bare);
            forth = wire.udp() ? freePort() : 9001;
            back = wire.udp() ? freePort() : 9002;
            connect(here, there, forth);
            connect(there, here, back);
        } catch (final RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void connect(final Child sender, final Child receiver, final int number) {
        receiver.ask("subscribe", wire.name(), wire.mtu(), wire.termLength(), number);
        sender.ask("publish", wire.name(), wire.mtu(), wire.termLength(), number);
    }

    private static int freePort() {
        try (DatagramSocket socket =
                new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            return socket.getLocalPort();
        } catch (final IOException e) {
            throw new FailureException("there is no free port: " + e.getMessage(), e);
        }
    }

    Wire wire() {
        return wire;
    }

    /**
     * One measurement.
     *
     * @param rowsPerSecond        of it
     * @param clientAllocatedBytes by agent and worker, per row
     * @param shardAllocatedBytes  by the agent, per row
     */
    record Flow(double rowsPerSecond, double clientAllocatedBytes, double shardAllocatedBytes) {
    }

    /** Deltas to {@code batch} rows in each of some clocks, until they are applied. */
    Flow push(final int clocks, final int batch) {
        return flow("push", clocks, batch);
    }

    /** Images of {@code batch} rows in each of some clocks. */
    Flow pull(final int clocks, final int batch) {
        return flow("pull", clocks, batch);
    }

    /** The same with rows that travel as bf16. */
    Flow pushNarrow(final int clocks, final int batch) {
        return flowOn(ClientWork.NARROW, "push", clocks, batch);
    }

    /** The same with rows that travel as bf16. */
    Flow pullNarrow(final int clocks, final int batch) {
        return flowOn(ClientWork.NARROW, "pull", clocks, batch);
    }

    /**
     * The same where shard and client see each other's memory: the shard applies deltas where the worker wrote them.
     */
    Flow pushOneSided(final int clocks, final int batch) {
        return flowOn(ClientWork.ONE_SIDED, "push", clocks, batch);
    }

    /** The same where the client sees the shard's memory. */
    Flow pullOneSided(final int clocks, final int batch) {
        return flowOn(ClientWork.ONE_SIDED, "pull", clocks, batch);
    }

    private Flow flowOn(final String name, final String what, final int clocks, final int batch) {
        client().ask("on", name);
        final Flow result = flow(what, clocks, batch);
        client().ask("on", ClientWork.ROWS);
        return result;
    }

    private Flow flow(final String what, final int clocks, final int batch) {
        final double before = cluster.shardAllocatedBytes();
        final Map<String, Double> result = client().ask(what, clocks, batch);
        final double rows = result.get("operations");
        return new Flow(rows / result.get("seconds"), result.get("allocated") / rows,
                (cluster.shardAllocatedBytes() - before) / rows);
    }

    private Child client() {
        return cluster.clients().getFirst();
    }

    /** Fails unless every row holds every delta pushed, once; ends on the table whose rows travel in messages. */
    void verify(final boolean oneSided) {
        final List<String> tables = new ArrayList<>(List.of(ClientWork.NARROW, ClientWork.ROWS));
        if (oneSided) {
            tables.addFirst(ClientWork.ONE_SIDED);
        }
        for (final String name : tables) {
            client().ask("on", name);
            client().ask("verify");
        }
    }

    /** Single blocking reads; percentiles in nanoseconds. */
    Map<String, Double> read(final int count) {
        return client().ask("read", count);
    }

    /** Single blocking reads of rows that the client reads from the shard's memory; percentiles in nanoseconds. */
    Map<String, Double> readOneSided(final int count) {
        client().ask("on", ClientWork.ONE_SIDED);
        final Map<String, Double> result = client().ask("read", count);
        client().ask("on", ClientWork.ROWS);
        return result;
    }

    /** See {@link OneSidedRead}. */
    Map<String, Double> slabRead(final int count) {
        final Path slab = SlabStoreFactory.file(Member.store(cluster.directory()), table.name(), 0);
        return client().ask("one-sided", slab, count);
    }

    /**
     * Messages as long as the longest delta batches, one way, over bare Aeron, whose driver is brisk meanwhile; in rows
     * per second.
     */
    double bareStream(final long rows) {
        return stream(rows, "receive");
    }

    /** The same, and the receiver adds each message's rows with the bare kernel as it takes it. */
    double barePipeline(final long rows) {
        return stream(rows, "receive-and-add", table.rows(), table.columns(), wire.rowsPerBatch(table),
                RowRecords.denseLength(table));
    }

    private double stream(final long rows, final String command, final Object... arguments) {
        final int perMessage = wire.rowsPerBatch(table);
        final int length = wire.batchLength(table);
        final long messages = Math.max(2, rows / perMessage);
        final List<Object> words = new ArrayList<>(List.of(command, forth, messages));
        words.addAll(List.of(arguments));
        cluster.driver().ask("brisk");
        there.tell(words.toArray());
        here.tell("send", forth, messages, length);
        final Map<String, Double> received = there.answer();
        here.answer();
        cluster.driver().ask("calm");
        return received.get("bytes") / length * perMessage / received.get("seconds");
    }

    /** The same rows added by the bare kernel; in rows per second. */
    double bareAdd(final int additions) {
        final Map<String, Double> result = there.ask("add", table.rows(), table.columns(), additions);
        return result.get("operations") / result.get("seconds");
    }

    /** A question, and an answer as long as one row's, over bare Aeron; percentiles in nanoseconds. */
    Map<String, Double> pingPong(final int count) {
        there.tell("pong", forth, back, count, Wire.answerLength(table));
        final Map<String, Double> result = here.ask("ping", forth, back, count, QUESTION_LENGTH);
        there.answer();
        return result;
    }

    /** Bytes of content and headers per row in the longest messages. */
    double bytesPerRow() {
        return wire.bytesPerRow(table);
    }

    /** The same of a row that travels as bf16. */
    double narrowBytesPerRow() {
        return wire.bytesPerRow(
                ClientWork.spec(ClientWork.NARROW, (int) table.rows(), table.columns(), 0));
    }

    @Override
    public void close() {
        cluster.close();
    }
}
