package io.rubato.learn.mf;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.TableSpec;
import io.rubato.Worker;
import io.rubato.kernel.RowKernels;
import io.rubato.learn.ClockedTraining;
import io.rubato.learn.EvaluationTable;
import io.rubato.learn.Hash;
import io.rubato.learn.Partition;
import io.rubato.learn.ratings.Split;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/**
 * One worker's part of a matrix factorization, from the first row to the last; call the methods in the order in which
 * they stand.
 */
final class Training implements ClockedTraining {
    private static final int ROW_ALIGNMENT = 64;
    /** Streams of random numbers; the job's own seed chooses the split. */
    private static final int ITEM_STREAM = 1;
    private static final int USER_STREAM = 2;
    private static final int ORDER_STREAM = 3;
    /** The initial factors' standard deviation is this over sqrt(rank). */
    private static final double INITIAL_SCALE = 0.3;

    private final MfOptions options;
    private final Split split;
    private final Worker worker;
    private final float mean;
    private final SgdKernel kernel;
    private final int columns;
    private final int firstUser;
    private final int endUser;
    private final WorkerRatings ratings;
    private final int[] trainPerItem;
    private final ItemPace pace;
    /** Per item, the last clock in which its row was asked for, and 1; 0 if it never was. */
    private final int[] clockOfRefresh;
    /** Those asked for the first time in this clock. */
    private final int[] firstItems;

    /** Those of the next runs, whose rows are opened together. */
    private final long[] itemsAhead;

    private final Arena arena = Arena.ofConfined();
    private final UserRows users;
    private final MemorySegment delta;
    /** On a value-bounded table, where a row cannot be written in place: a copy of it. */
    private final MemorySegment copy;

    private final boolean isWrittenInPlace;
    private final Table items;
    private final Table usersTable;
    private final EvaluationTable evaluation;
    private final TestRatings testRatings;
    private final AuditTable audit;

    Training(final MfOptions options, final Split split, final Worker worker) {
        this.options = options;
        this.split = split;
        this.worker = worker;
        mean = (float) split.trainMean();
        kernel = SgdKernel.best(options.rank());
        columns = options.rank() + 1;
        final int[] trainPerUser = split.trainPerUser();
        firstUser = Partition.first(trainPerUser, worker.index(), worker.workers());
        endUser = Partition.first(trainPerUser, worker.index() + 1, worker.workers());
        ratings = new WorkerRatings(split, firstUser, endUser, mean, options.workPerClock(),
                (double) worker.index() / worker.workers(), options.rank(),
                new SplittableRandom(Hash.of(Hash.of(options.seed(), ORDER_STREAM), worker.index())));
        trainPerItem = split.trainPerItem();
        pace = new ItemPace(options, split, firstUser, endUser);
        clockOfRefresh = new int[trainPerItem.length];
        firstItems = new int[trainPerItem.length];

        users = new UserRows(endUser - firstUser, options.rank(), options.learningRate(), arena);
        delta = arena.allocate(4L * columns, ROW_ALIGNMENT);
        copy = arena.allocate(4L * columns, ROW_ALIGNMENT);
        for (int user = firstUser; user < endUser; user++) {
            users.lambda(user - firstUser, ItemPace.lambda(options, trainPerUser[user]));
            if (trainPerUser[user] > 0) {
                initialFactors(USER_STREAM, user, users.factors(user - firstUser));
            }
        }
        isWrittenInPlace = !options.consistency().isValueBounded();
        items = worker.createTable(
                new TableSpec("items", trainPerItem.length, columns, ElementType.F32, options.consistency(),
                        options.encoding()));
        itemsAhead = new long[Worker.rowsOfARun(items.spec())];
        usersTable = options.out() == null
                ? null
                : worker.createTable(
                        new TableSpec("users", trainPerUser.length, columns, ElementType.F32, Consistency.bsp()));
        evaluation = new EvaluationTable(worker);
        testRatings = new TestRatings(split, firstUser, endUser, worker.index() == 0);
        audit = new AuditTable(worker);
    }

    Table items() {
        return items;
    }

    /** Clock 0: the initial factors of this worker's share of the items; an item without training ratings stays 0. */
    @Override
    public void initialize() {
        int made = 0;
        for (int item = worker.index(); item < trainPerItem.length; item += worker.workers()) {
            if (trainPerItem[item] > 0) {
                initialFactors(ITEM_STREAM, item, delta);
                worker.inc(items, item, delta, 0);
                made++;
            }
        }
        audit.add(0, made, 0);
        worker.clock();
    }

    /** One clock: this worker's next ratings. */
    @Override
    public void trainClock(final int clock) {
        final int size = ratings.size();
        final long from = WorkerRatings.processed(size, options.workPerClock(), clock);
        final long to = WorkerRatings.processed(size, options.workPerClock(), clock + 1);
        refreshItems(from, Math.min(to, from + size), clock + 1);
        double squaredError = 0;
        long next = from;
        while (next < to) {
            final int start = (int) (next % size);
            final int end = (int) Math.min(size, start + (to - next));
            squaredError += train(start, end);
            next += end - start;
        }
        if (!Double.isFinite(squaredError)) {
            throw new IllegalStateException(
                    "the training diverged at clock " + clock + ": lower the learning rate, now "
                            + options.learningRate() + ", or the work per clock, now " + options.workPerClock());
        }
        audit.add(to - from, to - from, 1);
        if (options.testEvery() > 0 && (clock + 1) % options.testEvery() == 0) {
            worker.reportTest(testErrorMeanwhile(), testRatings.size());
        }
        worker.report(to - from, squaredError, to - from);
        worker.clock();
    }

    /** The errors of the final model on this worker's users, and their rows where they are wanted. */
    @Override
    public void finish() {
        refreshFinalItems();
        evaluation.add(trainError(), ratings.size(),
                testError(item -> worker.get(items, item, 0)), testRatings.size());
        if (usersTable != null) {
            for (int user = firstUser; user < endUser; user++) {
                users.copy(user - firstUser, delta);
                worker.inc(usersTable, user, delta, 0);
            }
        }
        worker.clock();
    }

    /** For worker 0: checks the audit and writes the model. */
    @Override
    public JobResult collect() throws IOException {
        audit.check(options, split);
        final JobResult result = new JobResult("rmse", Math.sqrt(evaluation.mean(true)),
                Math.sqrt(evaluation.mean(false)), options.out() == null ? "" : options.out().toString());
        if (options.out() != null) {
            new MfModel(options, split, mean, result).write(worker, items, usersTable);
        }
        return result;
    }

    @Override
    public void close() {
        arena.close();
    }

    /**
     * Whether a read under the items' own model may miss clock 0: it would start from zeros. A bound on the clocks of
     * all workers excludes that from clock s+1 on.
     */
    private boolean mayMissInitialFactors() {
        final Consistency consistency = options.consistency();
        return !consistency.isClocked() || consistency.isSampled()
                || worker.currentClock() <= consistency.staleness();
    }

    /** The bound of a read that holds clock 0. */
    private int initialStaleness() {
        return (int) worker.currentClock() - 1;
    }

    private double train(final int start, final int end) {
        double squaredError = 0;
        int run = ratings.run(start);
        int opened = run;
        for (int from = start; from < end; run++) {
            if (run == opened && isWrittenInPlace) {
                final int count = ratings.runItems(run, end, itemsAhead);
                worker.edit(items, itemsAhead, count);
                opened += count;
            }
            final int to = Math.min(end, ratings.runEnd(run));
            final int item = ratings.runItem(run);
            squaredError += isWrittenInPlace ? trainInPlace(item, from, to) : trainCopy(item, from, to);
            from = to;
        }
        return squaredError;
    }

    private double trainInPlace(final int item, final int from, final int to) {
        final Row row = worker.edit(items, item);
        return kernel.train(ratings, from, to, users, row.segment().address() + row.offset(), pace, item);
    }

    private double trainCopy(final int item, final int from, final int to) {
        final Row row = worker.get(items, item);
        MemorySegment.copy(row.segment(), row.offset(), copy, 0, 4L * columns);
        MemorySegment.copy(copy, 0, delta, 0, 4L * columns);
        final double squaredError = kernel.train(ratings, from, to, users, copy.address(), pace, item);
        RowKernels.BEST.subtractFrom(ElementType.F32, delta, 0, copy, 0, columns);
        worker.inc(items, item, delta, 0);
        return squaredError;
    }

    /**
     * Asks for all rows of a clock at once, so that they come in a stream and not one round trip each. Those that are
     * asked for the first time are waited for until they hold the initial factors; no later image is older than that.
     */
    private void refreshItems(final long from, final long to, final int mark) {
        final boolean mayMiss = mayMissInitialFactors();
        int first = 0;
        int at = (int) (from % Math.max(1, ratings.size()));
        int run = ratings.run(at);
        for (long i = from; i < to;) {
            final int item = ratings.runItem(run);
            if (clockOfRefresh[item] == 0 && mayMiss) {
                firstItems[first++] = item;
            } else if (clockOfRefresh[item] != mark) {
                worker.refresh(items, item);
            }
            clockOfRefresh[item] = mark;
            i += ratings.runEnd(run) - at;
            at = ratings.runEnd(run++);
            if (at == ratings.size()) {
                at = 0;
                run = 0;
            }
        }
        for (int i = 0; i < first; i++) {
            worker.refresh(items, firstItems[i], initialStaleness());
        }
        for (int i = 0; i < first; i++) {
            worker.get(items, firstItems[i], initialStaleness());
        }
        for (int i = 0; i < first; i++) {
            worker.refresh(items, firstItems[i]);
        }
    }

    /** Asks for the final rows of all items that this worker's users rated or are to be tested on. */
    private void refreshFinalItems() {
        final boolean[] wanted = new boolean[trainPerItem.length];
        for (final int item : ratings.items) {
            wanted[item] = true;
        }
        for (int i = 0; i < testRatings.size(); i++) {
            if (testRatings.item(i) != Split.UNKNOWN) {
                wanted[testRatings.item(i)] = true;
            }
        }
        for (int item = 0; item < wanted.length; item++) {
            if (wanted[item]) {
                worker.refresh(items, item, 0);
            }
        }
    }

    /** Reads each row once, so that what is recorded about reads tells of the training. */
    private double trainError() {
        double squaredError = 0;
        int item = -1;
        Row row = null;
        for (final int i : ratings.byItem(trainPerItem.length)) {
            if (ratings.items[i] != item) {
                item = ratings.items[i];
                row = worker.get(items, item, 0);
            }
            final float error = error(ratings.users[i], row, ratings.targets[i]);
            squaredError += (double) error * error;
        }
        return squaredError;
    }

    /** Under the items' own model, but never from zeros. */
    private double testErrorMeanwhile() {
        final boolean mayMiss = mayMissInitialFactors();
        int last = Split.UNKNOWN;
        for (int i = 0; i < testRatings.size(); i++) {
            final int item = testRatings.item(i);
            if (item != last && mayMiss) {
                worker.refresh(items, item, initialStaleness());
            } else if (item != last) {
                worker.refresh(items, item);
            }
            last = item;
        }
        return testError(item -> mayMiss ? worker.get(items, item, initialStaleness()) : worker.get(items, item));
    }

    /** Reads each row once. */
    private double testError(final IntFunction<Row> rows) {
        Row row = new Row(items.spec()).wrap(delta.fill((byte) 0), 0, 0, 0);
        int item = Split.UNKNOWN;
        double squaredError = 0;
        for (int i = 0; i < testRatings.size(); i++) {
            if (testRatings.item(i) != item) {
                item = testRatings.item(i);
                row = rows.apply(item);
            }
            final float error = error(testRatings.user(i), row, testRatings.value(i) - mean);
            squaredError += (double) error * error;
        }
        return squaredError;
    }

    private float error(final int user, final Row item, final float target) {
        return kernel.error(users.address(user), users.bias(user), item.segment().address() + item.offset(), target);
    }

    /** Uniform factors that depend on nothing but seed, kind and number of the row; the bias is 0. */
    private void initialFactors(final int stream, final int number, final MemorySegment row) {
        final long seed = Hash.of(Hash.of(options.seed(), stream), number);
        final double halfWidth = INITIAL_SCALE * Math.sqrt(3.0 / Math.max(1, options.rank()));
        for (int k = 0; k < options.rank(); k++) {
            final double value = (2 * Hash.unit(seed, k) - 1) * halfWidth;
            row.setAtIndex(ValueLayout.JAVA_FLOAT, k, (float) value);
        }
    }
}
