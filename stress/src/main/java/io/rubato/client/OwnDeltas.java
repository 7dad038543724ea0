package io.rubato.client;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.kernel.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The worker reads images from the process cache. The agent plays the shard as well: it sends the worker's deltas,
 * brings images in and acknowledges.
 */
final class OwnDeltas extends AddingWorker {
    private final boolean isPushed;
    private final ProcessCache images;
    private final WorkerTable table;
    private final MemorySegment image = Arena.global().allocate(I64, COLUMNS);
    private final ImageClocks clocks = new ImageClocks();
    private final long[] sums = new long[ROWS];
    private final boolean[] isChanged = new boolean[ROWS];
    private long others;
    private long minimumClock;
    private long applied;
    private long version;
    private int turn;

    OwnDeltas(final Consistency consistency) {
        super(2);
        final TableSpec spec = new TableSpec("stress", ROWS, COLUMNS, ElementType.I64, consistency);
        this.isPushed = consistency.isPushed();
        this.images = new ProcessCache(spec, ROWS, Arena.ofShared());
        // A worker's cache of the least size has one row.
        this.table = new WorkerTable(new Table(0, spec), 0, images, TableViews.none(1), progress, 1, 1, 1 << 16,
                Arena.ofShared());
        for (int row = 0; row < ROWS; row++) {
            bringImage(row);
        }
    }

    @Override
    WorkerTable table() {
        return table;
    }

    /** The agent's turn. */
    void send() {
        turn++;
        commands.drain(this, 1);
        if (turn % 2 == 0) {
            tick();
            if (isPushed) {
                push();
            }
        }
        if (!isPushed && turn % 3 == 0) {
            bringImage((turn & 4) >> 2);
        }
        // An acknowledgement comes with an image or without.
        if (turn % 5 == 0) {
            progress.acknowledged(0, applied);
        }
    }

    private void tick() {
        if (++minimumClock % 2 == 0) {
            others++;
            version++;
            Arrays.fill(isChanged, true);
        }
    }

    private void push() {
        for (int row = 0; row < ROWS; row++) {
            if (isChanged[row]) {
                bringImage(row);
                isChanged[row] = false;
            }
        }
        progress.acknowledged(0, applied);
        progress.pushed(0, minimumClock, applied);
    }

    private void bringImage(final int row) {
        for (int column = 0; column < COLUMNS; column++) {
            image.setAtIndex(I64, column, column < OWN ? sums[row] : others);
        }
        images.put(row, clocks.set(minimumClock, minimumClock, applied, version, isPushed), image.address(),
                _ -> false);
    }

    @Override
    public boolean onFlush(final int tableId, final int shard, final long from, final long to, final long clock) {
        final DeltaLog log = table.deltas().log(shard);
        applied++;
        version++;
        for (long n = from; n < to; n++) {
            log.sequence(n, applied);
            sums[log.row(n)] += Memory.ALL.get(I64, log.address(n));
            isChanged[log.row(n)] = true;
        }
        return true;
    }
}
