package io.rubato.learn.lda;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** One worker's way to the shared counts: per word and topic, and per topic. */
final class CountTables implements AutoCloseable {
    private static final int ROW_ALIGNMENT = 64;
    /** A delta to at least this part of a row goes as a whole row, which is added to without a look at its columns. */
    private static final int DENSE_PART = 4;

    private final Worker worker;
    private final Consistency consistency;
    private final Table words;
    private final Table totals;
    private final int topics;
    private final Arena arena = Arena.ofConfined();
    private final MemorySegment dense;
    private final int[] columns;
    private final long[] deltas;
    /** Per word, whether this worker has read its row; last, the totals. */
    private final boolean[] wasRead;

    CountTables(final LdaOptions options, final int vocabulary, final Worker worker) {
        this.worker = worker;
        consistency = options.consistency();
        topics = options.topics();
        words = worker.createTable(new TableSpec("words", vocabulary, topics, ElementType.I32, consistency));
        totals = worker.createTable(new TableSpec("totals", 1, topics, ElementType.I32, consistency));
        dense = arena.allocate(4L * topics, ROW_ALIGNMENT);
        columns = new int[topics];
        deltas = new long[topics];
        wasRead = new boolean[vocabulary + 1];
    }

    Table words() {
        return words;
    }

    Table totals() {
        return totals;
    }

    /** Asks for a row that {@link #readWord} will want in this clock. */
    void refreshWord(final int word) {
        if (wasRead[word] || !mayMissInitialCounts()) {
            worker.refresh(words, word);
        } else {
            worker.refresh(words, word, initialStaleness());
        }
    }

    /** A word's row, to be used before the next is read. */
    Row readWord(final int word) {
        final Row row = wasRead[word] || !mayMissInitialCounts()
                ? worker.get(words, word)
                : worker.get(words, word, initialStaleness());
        wasRead[word] = true;
        return row;
    }

    void readTotals(final int[] into) {
        final int last = wasRead.length - 1;
        copy(wasRead[last] || !mayMissInitialCounts() ? worker.get(totals, 0)
                : worker.get(totals, 0, initialStaleness()), into);
        wasRead[last] = true;
    }

    /** Asks for a row as all workers have left it. */
    void refreshFinalWord(final int word) {
        worker.refresh(words, word, 0);
    }

    /** A word's row as all workers have left it, to be used before the next is read. */
    Row readFinalWord(final int word) {
        return worker.get(words, word, 0);
    }

    void readFinalTotals(final int[] into) {
        copy(worker.get(totals, 0, 0), into);
    }

    static void copy(final Row row, final int[] into) {
        MemorySegment.copy(row.segment(), ValueLayout.JAVA_INT, row.offset(), into, 0, row.columns());
    }

    /** Sends what has changed in a word's counts, and adds it to what has changed of the totals. */
    void endWord(final int word, final TopicSampler sampler) {
        send(words, word, sampler.endWord(columns, deltas));
    }

    /** Sends what has changed of the totals. */
    void endClock(final TopicSampler sampler) {
        final int[] changes = sampler.totalChanges();
        int count = 0;
        for (int k = 0; k < topics; k++) {
            if (changes[k] != 0) {
                columns[count] = k;
                deltas[count++] = changes[k];
                changes[k] = 0;
            }
        }
        send(totals, 0, count);
    }

    private void send(final Table table, final int row, final int count) {
        if (count == 0) {
            return;
        }
        if ((long) count * DENSE_PART < topics) {
            worker.inc(table, row, columns, deltas, count);
            return;
        }
        for (int i = 0; i < count; i++) {
            dense.setAtIndex(ValueLayout.JAVA_INT, columns[i], (int) deltas[i]);
        }
        worker.inc(table, row, dense, 0);
        for (int i = 0; i < count; i++) {
            dense.setAtIndex(ValueLayout.JAVA_INT, columns[i], 0);
        }
    }

    /** Whether a read under the tables' own model may miss clock 0, in which all tokens got their first topics. */
    private boolean mayMissInitialCounts() {
        return !consistency.isClocked() || consistency.isSampled()
                || worker.currentClock() <= consistency.staleness();
    }

    /** The bound of a read that holds clock 0; images that come later are newer. */
    private int initialStaleness() {
        return (int) worker.currentClock() - 1;
    }

    @Override
    public void close() {
        arena.close();
    }
}
