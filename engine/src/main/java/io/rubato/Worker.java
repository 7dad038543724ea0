package io.rubato;

import io.rubato.kernel.Memory;
import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One thread of a learner, with a clock. Every method must be called on that one thread.
 *
 * <p>The guarantee (Ho et al. 2013): {@link #get} at clock c under SSP(s) returns a row that holds every delta stamped
 * at most c-s-1 of every worker, every delta of this worker, and perhaps newer ones. A delta made by {@link #inc} while
 * the clock is c is stamped c.
 *
 * <p>A training loop:
 *
 * <pre>{@code
 * Table weights = worker.createTable(new TableSpec("weights", rows, columns, ElementType.F32, Consistency.ssp(3)));
 * for (int epoch = 0; epoch < epochs; epoch++) {
 *     for (Sample sample : mine) {
 *         Row row = worker.get(weights, sample.row());
 *         worker.inc(weights, sample.row(), gradient(row, sample), 0);
 *     }
 *     worker.report(mine.size(), loss, mine.size());
 *     worker.clock();
 * }
 * }</pre>
 *
 * <p>{@link #get}, {@link #edit}, {@link #clock} and {@link #createTable} may block; while they do, the job's progress
 * display names whom they wait for. If the job stops meanwhile they throw {@link JobStoppedException}. {@link #inc} and
 * {@link #edit} block when the delta log is full or, in a clock in which no row has two deltas, 2 MiB is under way,
 * until a shard has acknowledged older deltas; {@code inc} on a value-bounded table blocks until the readers of the row
 * see enough of them; a single delta larger than the bound waits until they see all before it.
 *
 * <p>A new table is all zeros. What another worker adds in its clock 0, such as initial values, is certain to be seen
 * only from clock s + 1 on. Who needs it before reads with a bound of its own: in clock c > 0 {@link #get(Table,
 * long, int) get(table, row, c - 1)} holds all that anybody added in clock 0.
 *
 * <p>Row ids and columns are checked: one outside its table throws {@link IndexOutOfBoundsException}, a value of the
 * wrong type {@link IllegalArgumentException}.
 */
public interface Worker {
    /**
     * This worker's number within the job.
     *
     * @return 0..workers-1
     */
    int index();

    /**
     * Number of workers in the job.
     *
     * @return at least 1
     */
    int workers();

    /**
     * How often {@link #clock} has been called.
     *
     * @return c, starting at 0
     */
    long currentClock();

    /**
     * Creates a table, or finds it if another worker was first. Blocks until every shard has opened it.
     *
     * @param spec shape and rules
     * @return the table
     * @throws IllegalArgumentException if a table of that name and another shape exists
     * @throws JobStoppedException      if a shard cannot open it, because a row does not fit a message or memory is
     *                                  short: that ends the job
     */
    Table createTable(TableSpec spec);

    /**
     * Reads a row under the table's consistency model.
     *
     * @param table of this job
     * @param row   id
     * @return the worker's flyweight for that table
     */
    Row get(Table table, long row);

    /**
     * Reads a row under SSP with another bound than the table's, whatever the table's model; 0 reads as BSP does.
     *
     * @param table     of this job
     * @param row       id
     * @param staleness s, at least 0
     * @return the worker's flyweight for that table
     */
    Row get(Table table, long row, int staleness);

    /**
     * Reads some rows as {@link #get(Table, long)} does each, and copies them: quicker for rows that are spread over a
     * large table, and rows that are not at hand are asked for together. Some dozens at a time are enough; to overlap
     * the waits of many calls, {@linkplain #refresh(Table, long[], int) refresh} their rows first. Rows that are in the
     * processor's cache as it is are read more quickly one by one, without a copy.
     *
     * @param table  of this job
     * @param rows   ids; one may repeat
     * @param count  how many of them are used
     * @param target off-heap memory, for the rows one behind the other in native byte order
     * @param offset of column 0 of the first, bytes
     * @throws IllegalArgumentException  if the target is not off-heap, or cannot be written to
     * @throws IndexOutOfBoundsException if a row is none of the table or the target is too short; nothing was read then
     */
    default void get(final Table table, final long[] rows, final int count, final MemorySegment target,
            final long offset) {
        final long rowBytes = checkRows(table, rows, count);
        Objects.checkFromIndexSize(offset, count * rowBytes, target.byteSize());
        refresh(table, rows, count);
        for (int i = 0; i < count; i++) {
            final Row row = get(table, rows[i]);
            MemorySegment.copy(row.segment(), row.offset(), target, offset + i * rowBytes, rowBytes);
        }
    }

    private static long checkRows(final Table table, final long[] rows, final int count) {
        Objects.checkFromIndexSize(0, count, rows.length);
        for (int i = 0; i < count; i++) {
            Objects.checkIndex(rows[i], table.spec().rows());
        }
        return table.spec().rowBytes();
    }

    /**
     * Reads a row as {@link #get(Table, long)} does, and opens it for writing in place: what the worker writes to the
     * row's memory, by {@link Row#setFloat} and its siblings or by a kernel on {@link Row#segment}, becomes a delta of
     * this clock, as {@code inc} of what the row is then less what it was would. For a row that is changed many times
     * in a clock this is cheaper than {@code inc}: nothing but the row itself is written until the clock ends.
     *
     * <p>It may be written to until this worker's next call that takes a table, or {@link #clock}; only an {@code inc}
     * on the same row leaves it open. To go on later, edit it again, which is as cheap as a {@code get}. A whole row is
     * sent whatever was written; for a few columns of a wide row use the sparse {@code inc}. In a floating-point table
     * the delta is rounded as a difference is, at about the precision of the row's values.
     *
     * @param table of this job, not value-bounded
     * @param row   id
     * @return the worker's flyweight for that table
     * @throws IllegalArgumentException if the table is value-bounded ({@link Consistency.Model#VAP}): there each delta
     *                                  has to be known when it is made
     */
    Row edit(Table table, long row);

    /**
     * Opens some rows as {@link #edit(Table, long)} does each, and fetches their memory together; rows that are not at
     * hand are asked for together. Then edit one after the other: each is found open, unless the delta log was handed
     * over meanwhile or the worker's cache has no more room for so many, and is opened again then. Opening counts as a
     * read, as each edit does. Worth its while for rows that are all edited soon: a row that is opened and not written
     * to is sent all the same.
     *
     * @param table of this job, not value-bounded
     * @param rows  ids; one may repeat
     * @param count how many of them are used; {@link #rowsOfARun} says how many suit
     * @throws IllegalArgumentException  if the table is value-bounded
     * @throws IndexOutOfBoundsException if a row is none of the table; nothing was opened then
     */
    default void edit(final Table table, final long[] rows, final int count) {
        checkRows(table, rows, count);
        refresh(table, rows, count);
        for (int i = 0; i < count; i++) {
            edit(table, rows[i]);
        }
    }

    /**
     * How many rows should be opened together: what 8 KiB hold, so that they are in the processor's cache still when
     * their turn comes. A worker's cache that is full takes turns among as many.
     *
     * @param spec of the table
     * @return 4 to 32
     */
    static int rowsOfARun(final TableSpec spec) {
        return Math.clamp(Memory.rowsAhead(spec.rowBytes()), 4, 32);
    }

    /**
     * Adds to one element of an F32 or F64 table.
     *
     * @param table  of this job
     * @param row    id
     * @param column 0..columns-1
     * @param delta  rounded to the table's type
     */
    void inc(Table table, long row, int column, double delta);

    /**
     * Adds to one element; any element type, but the value must be representable in it.
     *
     * @param table  of this job
     * @param row    id
     * @param column 0..columns-1
     * @param delta  to add
     */
    void inc(Table table, long row, int column, long delta);

    /**
     * Adds a whole row.
     *
     * @param table  of this job
     * @param row    id
     * @param delta  off-heap memory with one element per column, of the table's type, in native byte order; it must
     *               stay until the call returns, which may wait: if another thread closes its arena, that is not
     *               noticed
     * @param offset of column 0 in {@code delta}, bytes
     * @throws IndexOutOfBoundsException if it is none of the table's rows or the delta is too short
     * @throws IllegalArgumentException  if the delta lies on the heap
     */
    void inc(Table table, long row, MemorySegment delta, long offset);

    /**
     * Adds a whole row to each of some rows, as {@link #inc(Table, long, MemorySegment, long)} one after the other
     * would, but quicker on rows that are spread over a large table: what is known of them is looked up together. Some
     * dozens at a time are enough.
     *
     * @param table  of this job
     * @param rows   ids; one may repeat
     * @param count  how many of them are used
     * @param deltas off-heap memory with the rows' deltas one behind the other, each as for a single row; it must stay
     *               as long
     * @param offset of column 0 of the first, bytes
     * @throws IndexOutOfBoundsException if a row is none of the table or the deltas are too short; nothing was added
     *                                   then
     * @throws IllegalArgumentException  if the deltas lie on the heap; nothing was added then
     */
    default void inc(final Table table, final long[] rows, final int count, final MemorySegment deltas,
            final long offset) {
        final long rowBytes = checkRows(table, rows, count);
        Objects.checkFromIndexSize(offset, count * rowBytes, deltas.byteSize());
        for (int i = 0; i < count; i++) {
            inc(table, rows[i], deltas, offset + i * rowBytes);
        }
    }

    /**
     * Adds to some columns of an F32 table.
     *
     * @param table   of this job
     * @param row     id
     * @param columns each 0..columns-1; a column may repeat
     * @param deltas  one per column
     * @param count   how many of both are used
     */
    void inc(Table table, long row, int[] columns, float[] deltas, int count);

    /**
     * Adds to some columns of an F64 table.
     *
     * @param table   of this job
     * @param row     id
     * @param columns each 0..columns-1; a column may repeat
     * @param deltas  one per column
     * @param count   how many of both are used
     */
    void inc(Table table, long row, int[] columns, double[] deltas, int count);

    /**
     * Adds to some columns of an I32 or I64 table.
     *
     * @param table   of this job
     * @param row     id
     * @param columns each 0..columns-1; a column may repeat
     * @param deltas  one per column; must fit the table's type
     * @param count   how many of both are used
     */
    void inc(Table table, long row, int[] columns, long[] deltas, int count);

    /**
     * Asks for a row ahead of its {@link #get}, without waiting for it (LazyTable's prefetch, Cui et al. 2014):
     * {@link Refresh#CONSERVATIVE}. Blocks while more was asked for than the client's agent has taken in.
     *
     * @param table of this job
     * @param row   id
     */
    void refresh(Table table, long row);

    /**
     * Asks for some rows as {@link #refresh(Table, long)} does for each.
     *
     * @param table of this job
     * @param rows  ids
     * @param count how many of them are used
     * @throws IndexOutOfBoundsException if a row is none of the table; nothing was asked for then
     */
    default void refresh(final Table table, final long[] rows, final int count) {
        checkRows(table, rows, count);
        for (int i = 0; i < count; i++) {
            refresh(table, rows[i]);
        }
    }

    /**
     * Asks for a row ahead of its {@link #get}, without waiting for it. A row that shards push to this process already
     * is not asked for.
     *
     * @param table of this job
     * @param row   id
     * @param how   eager it is
     */
    void refresh(Table table, long row, Refresh how);

    /**
     * Asks for a row ahead of its {@link #get} under another bound than the table's, without waiting.
     *
     * @param table     of this job
     * @param row       id
     * @param staleness s, at least 0; that of the {@code get} to come
     */
    void refresh(Table table, long row, int staleness);

    /**
     * Ends the clock: hands this worker's deltas over to be sent, and moves to clock c+1. Does not wait for other
     * workers; the next {@link #get} does, if it must.
     */
    void clock();

    /**
     * Says what was done since the last report; appears in the progress display and the job's result.
     *
     * @param items   samples, ratings or tokens processed
     * @param loss    sum of the learner's objective over what was processed; NaN if it has none
     * @param samples what {@code loss} is to be divided by
     */
    void report(long items, double loss, long samples);

    /**
     * Says how well the model does on held-out data now; adds up over the calls of all workers in a clock, and appears
     * beside what they {@linkplain #report report} of it, in which there must be samples.
     *
     * @param loss    sum of the learner's objective over this worker's part of the held-out data
     * @param samples what {@code loss} is to be divided by
     */
    void reportTest(double loss, long samples);

    /**
     * States the job's outcome. One worker calls it, once.
     *
     * @param result what was learned
     */
    void conclude(JobResult result);
}
