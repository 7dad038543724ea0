package io.rubato.simulator.check;

import io.rubato.ElementType;
import io.rubato.JobResult;
import io.rubato.Learner;
import io.rubato.Refresh;
import io.rubato.Row;
import io.rubato.Table;
import io.rubato.Worker;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Adds and reads as a {@link Workload} says, in every way the API has, and checks every read. It sees the public API of
 * the worker only, so it runs on real processes as well as simulated ones.
 *
 * <p>One instance serves the workers of one thread of control: those of a simulation, or a process with one worker.
 * Workers that really run in parallel need an instance each.
 */
public final class AuditLearner implements Learner {
    private final Workload workload;
    private final AuditObserver observer;
    private final Consumer<Violation> violations;
    private List<Ledger> ledgers;

    /**
     * A learner that has not begun.
     *
     * @param workload   what to do
     * @param observer   what surrounds the workers
     * @param violations hears what must not be
     */
    public AuditLearner(final Workload workload, final AuditObserver observer, final Consumer<Violation> violations) {
        this.workload = workload;
        this.observer = observer;
        this.violations = violations;
    }

    @Override
    public void run(final Worker worker) {
        if (ledgers == null) {
            final List<Ledger> made = new ArrayList<>();
            for (int i = 0; i < workload.tables().size(); i++) {
                made.add(new Ledger(workload, i, worker.workers()));
            }
            ledgers = made;
        }
        new Run(worker).run();
    }

    /** One worker's. */
    private final class Run {
        private static final int ADD = 0;
        private static final int READ = 1;
        private static final int REFRESH = 2;
        private static final int REFRESH_AGGRESSIVELY = 3;
        private static final int EDIT = 4;
        private static final int ADD_WHOLE = 5;

        private final Worker worker;
        private final int me;
        private final ReadChecker checker;
        private final List<Table> tables = new ArrayList<>();
        private final MemorySegment[] dense;
        private final int[] columns = new int[2];
        private final long[] deltas = new long[2];
        /** Rows of one call. */
        private final long[] run = new long[3];
        private final MemorySegment[] copies;
        private final List<Step> steps = new ArrayList<>();

        private static final Comparator<Step> ADDS_LAST = Comparator.comparing(Step::isAdd);

        private record Step(int what, int table, long row, int staleness) {
            boolean isAdd() {
                return what == ADD || what == EDIT || what == ADD_WHOLE;
            }
        }

        Run(final Worker worker) {
            this.worker = worker;
            this.me = worker.index();
            this.checker = new ReadChecker(me, worker.workers(), ledgers, violations);
            this.dense = new MemorySegment[ledgers.size()];
            this.copies = new MemorySegment[ledgers.size()];
            for (int i = 0; i < dense.length; i++) {
                dense[i] = Arena.ofAuto().allocate(ledgers.get(i).plan().spec().rowBytes(), 8);
                copies[i] = Arena.ofAuto().allocate(3L * ledgers.get(i).plan().spec().rowBytes(), 8);
            }
        }

        void run() {
            for (final Ledger ledger : ledgers) {
                tables.add(worker.createTable(ledger.plan().spec()));
            }
            observer.begins(me);
            while (worker.currentClock() < workload.clocks() && !observer.isOver(me)) {
                clock();
            }
            if (workload.exactEnd()) {
                readEverything();
            }
            if (me == 0) {
                worker.conclude(new JobResult("audit", Double.NaN, Double.NaN, ""));
            }
            observer.ends(me);
        }

        private void clock() {
            final long clock = worker.currentClock();
            plan(clock, new SplittableRandom(
                    AuditPlan.mix(workload.seed() ^ AuditPlan.mix(me * 0x9E3779B97F4A7C15L + clock))));
            final int[][] added = new int[tables.size()][];
            for (int i = 0; i < added.length; i++) {
                added[i] = new int[(int) tables.get(i).spec().rows()];
            }
            final int slices = workload.slices();
            int slice = 0;
            for (int i = 0; i < steps.size() && !observer.isOver(me); i++) {
                while (slice < slices && (slices == 1 ? steps.get(i).isAdd()
                        : slice * steps.size() <= i * slices)) {
                    observer.computes(me, clock, slice++);
                }
                take(steps.get(i), clock, added);
            }
            while (slice < slices && !observer.isOver(me)) {
                observer.computes(me, clock, slice++);
            }
            if (observer.isOver(me)) {
                return;
            }
            worker.report(steps.size(), 0, 1);
            worker.clock();
            checker.clocked();
            observer.clocked(me, clock + 1);
        }

        /** All that this worker does in one clock, in the order of doing it. */
        private void plan(final long clock, final SplittableRandom random) {
            steps.clear();
            for (int table = 0; table < ledgers.size(); table++) {
                final AuditPlan plan = ledgers.get(table).plan();
                final boolean mayEdit = workload.edits() > 0
                        && !plan.spec().consistency().isValueBounded();
                for (long row = 0; row < plan.spec().rows(); row++) {
                    final int pieces = plan.pieces(me, clock, row);
                    if (pieces > 0 && plan.streams(me, clock)) {
                        steps.add(new Step(ADD_WHOLE, table, row, Promise.TABLE_BOUND));
                        continue;
                    }
                    for (int i = pieces; i > 0; i--) {
                        steps.add(new Step(mayEdit && random.nextDouble() < workload.edits() ? EDIT : ADD, table, row,
                                Promise.TABLE_BOUND));
                    }
                }
            }
            for (int i = 0; i < workload.readsPerClock(); i++) {
                final int table = random.nextInt(ledgers.size());
                final long row = random.nextLong(ledgers.get(table).plan().spec().rows());
                final int staleness = random.nextDouble() < workload.overrides()
                        ? random.nextInt(workload.maxStaleness() + 1)
                        : Promise.TABLE_BOUND;
                steps.add(new Step(READ, table, row, staleness));
                if (random.nextDouble() < workload.refreshes()) {
                    steps.add(new Step(random.nextInt(3) == 0 ? REFRESH_AGGRESSIVELY : REFRESH, table, row, staleness));
                }
            }
            for (int i = steps.size() - 1; i > 0; i--) {
                final int j = random.nextInt(i + 1);
                steps.set(i, steps.set(j, steps.get(i)));
            }
            if (workload.slices() == 1) {
                steps.sort(ADDS_LAST);
            }
        }

        private void take(final Step step, final long clock, final int[][] added) {
            switch (step.what()) {
                case ADD -> add(step.table(), step.row(), clock, added[step.table()][(int) step.row()]++);
                case ADD_WHOLE -> addWhole(step.table(), step.row(), clock);
                case EDIT -> edit(step, clock, added[step.table()][(int) step.row()]++);
                case READ -> read(step, clock);
                case REFRESH -> refresh(step);
                default -> worker.refresh(tables.get(step.table()), step.row(), Refresh.AGGRESSIVE);
            }
        }

        private void add(final int table, final long row, final long clock, final int piece) {
            final AuditPlan plan = ledgers.get(table).plan();
            final long delta = plan.piece(me, clock, row, piece);
            final int column = plan.column(me);
            observer.adding(me, table, row, column, delta);
            switch ((int) (delta % 3)) {
                case 0 -> worker.inc(tables.get(table), row, column, delta);
                case 1 -> {
                    columns[0] = column;
                    columns[1] = column;
                    deltas[0] = delta / 2;
                    deltas[1] = delta - delta / 2;
                    addSparse(tables.get(table), row);
                }
                default -> {
                    WholeNumbers.set(plan.spec(), dense[table], 0, column, delta);
                    if (delta % 2 == 0) {
                        worker.inc(tables.get(table), row, dense[table], 0);
                    } else {
                        run[0] = row;
                        worker.inc(tables.get(table), run, 1, dense[table], 0);
                    }
                }
            }
            checker.added(table, row, delta);
            observer.added(me, table, row, column, delta);
        }

        private void addWhole(final int table, final long row, final long clock) {
            final AuditPlan plan = ledgers.get(table).plan();
            final long delta = plan.total(me, clock, row);
            final int column = plan.column(me);
            observer.adding(me, table, row, column, delta);
            WholeNumbers.set(plan.spec(), dense[table], 0, column, delta);
            worker.inc(tables.get(table), row, dense[table], 0);
            checker.added(table, row, delta);
            observer.added(me, table, row, column, delta);
        }

        private void addSparse(final Table table, final long row) {
            if (table.spec().type() == ElementType.F32) {
                worker.inc(table, row, columns, new float[] {deltas[0], deltas[1]}, 2);
            } else {
                worker.inc(table, row, columns, deltas, 2);
            }
        }

        private void edit(final Step step, final long clock, final int piece) {
            final AuditPlan plan = ledgers.get(step.table()).plan();
            final long delta = plan.piece(me, clock, step.row(), piece);
            final int column = plan.column(me);
            final Table table = tables.get(step.table());
            if (clock % 3 == 1) {
                run(step, table);
                worker.edit(table, run, run.length);
            }
            final Row row = worker.edit(table, step.row());
            if (observer.isOver(me)) {
                return;
            }
            checker.read(step.table(), row, clock, Promise.TABLE_BOUND);
            observer.read(me, clock, step.table(), row, Promise.TABLE_BOUND);
            observer.adding(me, step.table(), step.row(), column, delta);
            WholeNumbers.set(plan.spec(), row.segment(), row.offset(), column,
                    WholeNumbers.get(plan.spec(), row, column) + delta);
            checker.added(step.table(), step.row(), delta);
            observer.added(me, step.table(), step.row(), column, delta);
        }

        private void read(final Step step, final long clock) {
            final Table table = tables.get(step.table());
            if (step.staleness() == Promise.TABLE_BOUND && clock % 3 == 1) {
                readRun(step, clock);
            }
            final Row row = step.staleness() == Promise.TABLE_BOUND ? worker.get(table, step.row())
                    : worker.get(table, step.row(), step.staleness());
            if (observer.isOver(me)) {
                // Others may have ended in the middle of a clock, and no longer hold back the minimum clock.
                return;
            }
            checker.read(step.table(), row, clock, step.staleness());
            observer.read(me, clock, step.table(), row, step.staleness());
        }

        /** A run with the step's row twice, of which the copies are checked. */
        private void readRun(final Step step, final long clock) {
            final Table table = tables.get(step.table());
            final MemorySegment copied = copies[step.table()];
            run(step, table);
            worker.get(table, run, run.length, copied, 0);
            for (int i = 0; i < run.length && !observer.isOver(me); i++) {
                final Row copy = new Row(table.spec()).wrap(copied, (long) i * table.spec().rowBytes(), run[i],
                        checker.promised(step.table(), clock));
                checker.read(step.table(), copy, clock, step.staleness());
            }
        }

        private void run(final Step step, final Table table) {
            run[0] = step.row();
            run[1] = (step.row() + 1) % table.spec().rows();
            run[2] = step.row();
        }

        private void refresh(final Step step) {
            final Table table = tables.get(step.table());
            if (step.staleness() == Promise.TABLE_BOUND && step.row() % 2 == 1) {
                run(step, table);
                worker.refresh(table, run, run.length);
            } else if (step.staleness() == Promise.TABLE_BOUND) {
                worker.refresh(table, step.row());
            } else {
                worker.refresh(table, step.row(), step.staleness());
            }
        }

        private void readEverything() {
            for (int table = 0; table < tables.size(); table++) {
                for (long id = 0; id < tables.get(table).spec().rows(); id++) {
                    final Row row = worker.get(tables.get(table), id, 0);
                    checker.read(table, row, worker.currentClock(), 0);
                    observer.read(me, worker.currentClock(), table, row, 0);
                    checker.readAtEnd(table, row, workload.clocks());
                }
            }
        }
    }
}
