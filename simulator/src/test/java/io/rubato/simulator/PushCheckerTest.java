package io.rubato.simulator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.TableSpec;
import io.rubato.client.ClientMemory;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.MessageHeaderEncoder;
import io.rubato.protocol.sbe.PushMarkDecoder;
import io.rubato.protocol.sbe.PushMarkEncoder;
import io.rubato.protocol.sbe.PushedRowsDecoder;
import io.rubato.protocol.sbe.PushedRowsEncoder;
import io.rubato.protocol.sbe.ReadRequestDecoder;
import io.rubato.protocol.sbe.ReadRequestEncoder;
import io.rubato.protocol.sbe.RowImagesDecoder;
import io.rubato.protocol.sbe.RowImagesEncoder;
import io.rubato.simulator.check.Check;
import io.rubato.simulator.check.Ledger;
import io.rubato.simulator.check.Workload;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What shard 1 of two says to client 0 about a pushed table with one column, and what the client asks. */
class PushCheckerTest {
    private static final int SHARD = 1;
    private static final int LOCAL_ROW = 1;
    private static final long ROW = 3;
    private static final TableSpec TABLE = new TableSpec("t", 4, 1, ElementType.I64, Consistency.essp(1));

    private final Scenario scenario = Scenario.plain(1, 2, 1, Consistency.essp(1), 1)
            .with(new Workload(1, List.of(TABLE), 2, 1, 0, 0, 0, 1, 1, 0, 0, 1, false))
            .with(new ClientMemory(1 << 20, 1 << 20, 1 << 20));
    private final Violations violations;
    private final PushChecker checker;
    private final Ledger ledger;
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(512));
    private final MessageHeaderEncoder header = new MessageHeaderEncoder();

    PushCheckerTest() {
        final SimulatedTime time = new SimulatedTime();
        final Scenario twoShards = new Scenario(1, 2, 2, 1, scenario.workload(), scenario.memory(),
                scenario.network(), new Scenario.Timing(Distribution.constant(0), 0, 1, 1, 1), scenario.schedule(),
                List.of());
        violations = new Violations(time, new Trace(time, null));
        checker = new PushChecker(twoShards, new WorkerClocks(2), violations);
        ledger = new Ledger(twoShards.workload(), 0, 2);
    }

    private void images(final long version, final long value) {
        final RowImagesEncoder encoder = new RowImagesEncoder().wrapAndApplyHeader(buffer, 0, header).job(1)
                .version(version).shard(SHARD).table(0).rowCount(1);
        row(encoder.limit(), value);
        checker.onArrived(SHARD, 0, RowImagesDecoder.TEMPLATE_ID, buffer);
    }

    private void push(final long sequence, final long version, final long value) {
        final PushedRowsEncoder encoder = new PushedRowsEncoder().wrapAndApplyHeader(buffer, 0, header).job(1)
                .sequence(sequence).version(version).shard(SHARD).table(0).rowCount(1);
        row(encoder.limit(), value);
        checker.onArrived(SHARD, 0, PushedRowsDecoder.TEMPLATE_ID, buffer);
    }

    private void row(final int limit, final long value) {
        buffer.putInt(limit, RowRecords.denseLength(TABLE));
        final long at = Memory.address(buffer, limit + RowImagesEncoder.rowsHeaderLength());
        RowRecords.header(at, LOCAL_ROW, RowRecords.DENSE);
        Memory.ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, at + RowRecords.HEADER_LENGTH, value);
    }

    private void mark(final long sequence, final long minimumClock) {
        new PushMarkEncoder().wrapAndApplyHeader(buffer, 0, header).job(1).sequence(sequence)
                .minimumClock(minimumClock).shard(SHARD);
        checker.onArrived(SHARD, 0, PushMarkDecoder.TEMPLATE_ID, buffer);
    }

    private void request(final long id) {
        final ReadRequestEncoder encoder = new ReadRequestEncoder().wrapAndApplyHeader(buffer, 0, header).job(1)
                .request(id).clock(1).client(0).table(0).staleness(-1);
        buffer.putInt(encoder.limit(), Integer.BYTES);
        buffer.putInt(encoder.limit() + ReadRequestEncoder.rowsHeaderLength(), LOCAL_ROW);
        checker.onSent(0, SHARD, ReadRequestDecoder.TEMPLATE_ID, buffer);
    }

    private void expect(final Map<Check, Long> counts) {
        assertEquals(counts, violations.counts());
    }

    @Test
    void aMarkWithoutTheChangeBeforeItIsNoticed() {
        images(1, ledger.through(ROW, 0, 0));
        mark(1, 0);
        push(2, 2, ledger.through(ROW, 0, 1));
        mark(3, 1);
        expect(Map.of());
        mark(4, 2);
        expect(Map.of(Check.PUSH_REACHES, 1L));
    }

    @Test
    void whatTheClientDropsDoesNotCount() {
        images(1, 0);
        push(2, 2, ledger.through(ROW, 0, 1));
        mark(2, 1);
        expect(Map.of());
        mark(1, 1);
        expect(Map.of(Check.PUSH_REACHES, 1L));
    }

    @Test
    void anOlderImageDoesNotReplaceANewerOne() {
        push(1, 2, ledger.through(ROW, 0, 1));
        images(1, 0);
        mark(2, 1);
        expect(Map.of());
    }

    @Test
    void askingForWhatIsHeldIsNoticed() {
        request(1);
        images(1, 0);
        request(1);
        expect(Map.of());
        request(2);
        expect(Map.of(Check.PUSH_SUFFICES, 1L));
    }
}
