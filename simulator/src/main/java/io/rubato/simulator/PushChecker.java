package io.rubato.simulator;

import io.rubato.Consistency;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Ledger;
import io.rubato.simulator.check.WholeNumbers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.agrona.DirectBuffer;

/**
 * Listens on the wire of jobs with pushed tables. At each mark that a client takes in, what it was sent of every row
 * that it has read must hold what the mark vouches for; and it must not ask for a row of which it holds an image.
 */
final class PushChecker {
    private final Scenario scenario;
    private final WorkerClocks clocks;
    private final Violations violations;
    private final List<TableSpec> tables;
    private final List<Ledger> ledgers = new ArrayList<>();
    /** Whether nothing but a mistake makes a client ask for a pushed row twice. */
    private final boolean expectsOneRequest;
    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final RowImagesDecoder rowImages = new RowImagesDecoder();
    private final PushedRowsDecoder pushedRows = new PushedRowsDecoder();
    private final PushMarkDecoder pushMark = new PushMarkDecoder();
    private final ReadRequestDecoder readRequest = new ReadRequestDecoder();
    private final Map<Stream, Received> streams = new HashMap<>();

    /** From a shard to a client. */
    private record Stream(int shard, int client) {
    }

    private record RowId(int table, long row) {
    }

    /** The newest image of a row. */
    private static final class Image {
        private long version = -1;
        private long[] values;
    }

    /** What a client was sent by a shard. */
    private static final class Received {
        private long taken;
        private final Map<RowId, Image> images = new HashMap<>();
        private final Set<Long> requests = new HashSet<>();
    }

    PushChecker(final Scenario scenario, final WorkerClocks clocks, final Violations violations) {
        this.scenario = scenario;
        this.clocks = clocks;
        this.violations = violations;
        this.tables = scenario.workload().tables();
        for (int i = 0; i < tables.size(); i++) {
            ledgers.add(new Ledger(scenario.workload(), i, scenario.workers()));
        }
        this.expectsOneRequest = isUndisturbed(scenario) && logsNeverFill();
    }

    /** Whether any table is pushed at all. */
    static boolean concerns(final Scenario scenario) {
        return scenario.workload().tables().stream().anyMatch(table -> table.consistency().isPushed());
    }

    private static boolean isUndisturbed(final Scenario scenario) {
        final NetworkModel network = scenario.network();
        long needed = 0;
        for (final TableSpec table : scenario.workload().tables()) {
            needed = Math.max(needed, 64 + 8 * table.rows() * (table.rowBytes() + 128) * scenario.shards());
        }
        return network.loss() == 0 && network.duplication() == 0 && network.streamMessages() >= 64
                && scenario.memory().processCacheBytes() >= needed && scenario.memory().deltaLogBytes() >= needed
                && scenario.memory().window() >= 64
                && scenario.faults().stream().noneMatch(f -> f instanceof Fault.Pause || f instanceof Fault.Partition);
    }

    /** A full delta log lets go of deltas that no pushed image holds yet; such a row must be asked for again. */
    private boolean logsNeverFill() {
        final long clocks = scenario.workload().clocks();
        for (int table = 0; table < tables.size(); table++) {
            for (int shard = 0; shard < scenario.shards(); shard++) {
                final long rows = (tables.get(table).rows() + scenario.shards() - 1 - shard) / scenario.shards();
                for (int worker = 0; worker < scenario.workers(); worker++) {
                    if (clocks > 1_000
                            || ledgers.get(table).touches(worker, scenario.shards(), shard, clocks) > 2 * rows) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private Received received(final int shard, final int client) {
        return streams.computeIfAbsent(new Stream(shard, client), _ -> new Received());
    }

    /** A client has sent a message to a shard. */
    void onSent(final int client, final int shard, final int template, final DirectBuffer message) {
        if (template != ReadRequestDecoder.TEMPLATE_ID || !expectsOneRequest) {
            return;
        }
        readRequest.wrapAndApplyHeader(message, 0, header);
        final int table = readRequest.table();
        final Received received = received(shard, client);
        final Consistency consistency = tables.get(table).consistency();
        if (!received.requests.add(readRequest.request()) || !consistency.isPushed() || consistency.isSampled()) {
            return;
        }
        final int count = readRequest.rowsLength() / Integer.BYTES;
        final int offset = readRequest.limit() + ReadRequestDecoder.rowsHeaderLength();
        for (int i = 0; i < count; i++) {
            final long row = (long) message.getInt(offset + Integer.BYTES * i) * scenario.shards() + shard;
            if (received.images.containsKey(new RowId(table, row))) {
                violations.report(Check.PUSH_SUFFICES,
                        "client " + client + " asks shard " + shard + " for row " + row + " of pushed table "
                                + tables.get(table).name() + ", which it holds");
            }
        }
    }

    /** A message from a shard has reached a client. */
    void onArrived(final int shard, final int client, final int template, final DirectBuffer message) {
        switch (template) {
            case RowImagesDecoder.TEMPLATE_ID -> {
                rowImages.wrapAndApplyHeader(message, 0, header);
                take(received(shard, client), rowImages.table(), shard, rowImages.version(), rowImages.rowCount(),
                        message, rowImages.limit() + RowImagesDecoder.rowsHeaderLength());
            }
            case PushedRowsDecoder.TEMPLATE_ID -> {
                pushedRows.wrapAndApplyHeader(message, 0, header);
                if (isNext(received(shard, client), pushedRows.sequence())) {
                    take(received(shard, client), pushedRows.table(), shard, pushedRows.version(),
                            pushedRows.rowCount(), message,
                            pushedRows.limit() + PushedRowsDecoder.rowsHeaderLength());
                }
            }
            case PushMarkDecoder.TEMPLATE_ID -> {
                pushMark.wrapAndApplyHeader(message, 0, header);
                if (isNext(received(shard, client), pushMark.sequence())) {
                    checkMark(shard, client, pushMark.minimumClock());
                }
            }
            default -> {
                // Of no concern.
            }
        }
    }

    /** Others are dropped by the client. */
    private static boolean isNext(final Received received, final long sequence) {
        if (sequence != received.taken + 1) {
            return false;
        }
        received.taken = sequence;
        return true;
    }

    private void take(final Received received, final int table, final int shard, final long version, final int count,
            final DirectBuffer message, final int offset) {
        final TableSpec spec = tables.get(table);
        if (!spec.consistency().isPushed()) {
            return;
        }
        long at = Memory.address(message, offset);
        for (int i = 0; i < count; i++) {
            final long row = (long) RowRecords.row(at) * scenario.shards() + shard;
            final Image image = received.images.computeIfAbsent(new RowId(table, row), _ -> new Image());
            if (version > image.version) {
                image.version = version;
                image.values = new long[spec.columns()];
                for (int column = 0; column < spec.columns(); column++) {
                    image.values[column] = element(spec, at, column);
                }
            }
            at += RowRecords.denseLength(spec);
        }
    }

    private static long element(final TableSpec spec, final long record, final int column) {
        final long values = record + RowRecords.HEADER_LENGTH;
        return RowRecords.count(record) == RowRecords.DENSE_BF16 ? WholeNumbers.getBf16(Memory.ALL, values, column)
                : WholeNumbers.get(spec, Memory.ALL, values, column);
    }

    private void checkMark(final int shard, final int client, final long minimumClock) {
        final long m = Math.min(minimumClock, clocks.leastRetired());
        received(shard, client).images.forEach((id, image) -> {
            for (int column = 0; column < image.values.length; column++) {
                final Ledger ledger = ledgers.get(id.table);
                final long least = ledger.through(id.row, column, m);
                if (image.values[column] + ledger.tolerance(image.values[column]) < least) {
                    violations.report(Check.PUSH_REACHES,
                            "client " + client + " got a mark of clock " + minimumClock + " from shard " + shard
                                    + ", but of row " + id.row + " of table " + tables.get(id.table).name()
                                    + " an image whose column " + column + " holds " + image.values[column]
                                    + ", not at least " + least);
                }
            }
        });
    }
}
