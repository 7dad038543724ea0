package io.rubato.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.DeltaRunDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.testing.HeapFreeStore;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

/**
 * A shard may apply a message before the client's agent has returned from sending it. The test plays a shard that is
 * so quick, and a worker that reads just then.
 */
class DeltasUnderWayTest {
    private static final int ROWS = 40;
    private static final int COLUMNS = 3;
    private static final int RECORD = RowRecords.HEADER_LENGTH + 8 * COLUMNS;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final DeltaBatchDecoder batch = new DeltaBatchDecoder();
    private final DeltaRunDecoder run = new DeltaRunDecoder();
    private final Stage stage = new Stage(new MemoryNetwork((_, _, message) -> copies(message))).oneMachine();
    private Worker worker;
    private Table table;
    private int batches;
    private int runs;

    private int copies(final MutableDirectBuffer message) {
        switch (header.wrap(message, 0).templateId()) {
            case DeltaBatchDecoder.TEMPLATE_ID -> {
                batch.wrapAndApplyHeader(message, 0, header);
                batches++;
                applyAtOnce(batch.sequence(), Memory.address(message, batch.limit() + 4), batch.rowCount());
                return 0;
            }
            case DeltaRunDecoder.TEMPLATE_ID -> {
                run.wrapAndApplyHeader(message, 0, header);
                runs++;
                final MemorySegment log = stage.store("t", 0).openLog(0);
                applyAtOnce(run.sequence(), log.address() + run.rowsOffset(), run.rowCount());
                return 0;
            }
            default -> {
                return 1;
            }
        }
    }

    private void applyAtOnce(final long sequence, final long start, final int count) {
        final HeapFreeStore store = stage.store("t", 0);
        store.applyingSequence(0, sequence);
        for (int i = 0; i < count; i++) {
            final long record = start + (long) i * RECORD;
            store.add(RowRecords.row(record), Memory.ALL, record + RowRecords.HEADER_LENGTH);
        }
        store.appliedSequence(0, sequence);
        for (int i = 0; i < count; i++) {
            final int row = RowRecords.row(start + (long) i * RECORD);
            assertEquals(row + 1, worker.get(table, row).getLong(0), "own delta of row " + row + ", once");
        }
    }

    @Test
    void aDeltaHasItsNumberBeforeItIsOnItsWay() {
        stage.coordinator(1, 1, 1);
        stage.shard(0);
        final ClientAgent client = stage.client(0, 1);
        client.awaitConfig();
        worker = client.worker(0);
        table = worker.createTable(new TableSpec("t", ROWS, COLUMNS, ElementType.I64, Consistency.asp()));
        final MemorySegment delta = Arena.ofAuto().allocate(8L * COLUMNS, 8);
        for (int row = 0; row < ROWS; row++) {
            delta.setAtIndex(ValueLayout.JAVA_LONG, 0, row + 1);
            worker.inc(table, row, delta, 0);
        }
        worker.clock();
        stage.cycles(3);
        assertTrue(batches > 0 && runs > 0, batches + " batches, " + runs + " runs");
    }
}
