package io.rubato.simulator.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.TableSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads that no honest engine returns; each is objected to by the check it is made for. */
class ReadCheckerTest {
    private static final int WORKERS = 3;
    private static final int ME = 1;
    private static final long ROW = 2;
    private static final int CLOCKS = 8;

    private final List<Violation> violations = new ArrayList<>();
    private Workload workload;
    private AuditPlan plan;
    private Ledger ledger;
    private ReadChecker checker;

    /** The reader is at a clock, and has added all that the plan has for it before. */
    private void begin(final Consistency consistency, final int columns, final long clock) {
        workload = new Workload(5, List.of(new TableSpec("t", 4, columns, ElementType.I64, consistency)), CLOCKS, 1, 0,
                0, 0, 1, 2, 0, 0, 1, true);
        plan = new AuditPlan(workload, 0);
        ledger = new Ledger(workload, 0, WORKERS);
        checker = new ReadChecker(ME, WORKERS, List.of(ledger), violations::add);
        for (long c = 0; c < clock; c++) {
            addAll(c);
            checker.clocked();
        }
    }

    private void addAll(final long clock) {
        for (int i = 0; i < plan.pieces(ME, clock, ROW); i++) {
            checker.added(0, ROW, plan.piece(ME, clock, ROW, i));
        }
    }

    /** An image with clock m of a row that holds everything of each worker stamped less than a clock of its own. */
    private Row row(final long m, final long... through) {
        final long[] values = new long[through.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = ledger.through(ROW, i, through[i]);
        }
        return image(m, values);
    }

    private Row image(final long m, final long... values) {
        final MemorySegment memory = Arena.ofAuto().allocate(8L * values.length, 8);
        for (int i = 0; i < values.length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG, i, values[i]);
        }
        return new Row(workload.tables().getFirst()).wrap(memory, 0, ROW, m);
    }

    private void expect(final Check... checks) {
        assertEquals(List.of(checks), violations.stream().map(Violation::check).toList(), violations::toString);
    }

    @Test
    void anHonestReadPasses() {
        begin(Consistency.ssp(2), WORKERS, 5);
        checker.read(0, row(3, 3, 5, 4), 5, Promise.TABLE_BOUND);
        checker.read(0, row(5, 5, 5, 5), 5, Promise.TABLE_BOUND);
        checker.read(0, row(3, 8, 5, 3), 5, Promise.TABLE_BOUND);
        expect();
    }

    @Test
    void aStaleImageIsNoticed() {
        begin(Consistency.ssp(2), WORKERS, 5);
        checker.read(0, row(2, 3, 5, 4), 5, Promise.TABLE_BOUND);
        expect(Check.FRESHNESS);
    }

    @Test
    void aMissingDeltaIsNoticed() {
        begin(Consistency.ssp(2), WORKERS, 5);
        checker.read(0, row(3, 2, 5, 4), 5, Promise.TABLE_BOUND);
        expect(Check.GUARANTEE);
        assertTrue(violations.getFirst().message().contains("worker 1 at clock 5 read row 2 of table t"));
    }

    @Test
    void aBoundOfItsOwnIsHeld() {
        begin(Consistency.asp(), WORKERS, 5);
        checker.read(0, row(0, 0, 5, 0), 5, Promise.TABLE_BOUND);
        expect();
        checker.read(0, row(4, 4, 5, 3), 5, 1);
        expect(Check.GUARANTEE);
    }

    @Test
    void aClockThatPromisesTooMuchIsNoticed() {
        begin(Consistency.ssp(2), WORKERS, 5);
        checker.read(0, row(4, 3, 5, 4), 5, Promise.TABLE_BOUND);
        expect(Check.IMAGE_CLOCK);
    }

    @Test
    void aClockAheadOfTheReaderIsNoticed() {
        begin(Consistency.asp(), WORKERS, 5);
        checker.read(0, row(6, 8, 5, 8), 5, Promise.TABLE_BOUND);
        expect(Check.IMAGE_CLOCK);
    }

    @Test
    void anOwnDeltaThatIsMissingOrDoubledIsNoticed() {
        begin(Consistency.asp(), WORKERS, 5);
        addAll(5);
        checker.read(0, row(0, 0, 5, 0), 5, Promise.TABLE_BOUND);
        // With m = 0 only the deltas of the reader itself are promised.
        expect(Check.GUARANTEE, Check.READ_MY_WRITES);
        violations.clear();
        checker.read(0, row(0, 0, 7, 0), 5, Promise.TABLE_BOUND);
        expect(Check.READ_MY_WRITES);
    }

    @Test
    void halfADeltaAndADoubledOneAreNoticed() {
        begin(Consistency.asp(), WORKERS, 2);
        final long own = ledger.through(ROW, ME, 2);
        final long first = plan.piece(0, 0, ROW, 0);
        checker.read(0, image(0, first, own, 0), 2, Promise.TABLE_BOUND);
        expect();
        checker.read(0, image(0, first - 1, own, 0), 2, Promise.TABLE_BOUND);
        expect(Check.INVENTED);
        checker.read(0, image(0, 2 * first, own, 0), 2, Promise.TABLE_BOUND);
        expect(Check.INVENTED, Check.INVENTED);
        checker.read(0, image(0, first, own, -1), 2, Promise.TABLE_BOUND);
        assertEquals(Check.GUARANTEE, violations.get(2).check());
    }

    @Test
    void tooSmallASampleIsNoticed() {
        begin(Consistency.pssp(1, 1), WORKERS, 5);
        checker.read(0, row(0, 0, 5, 4), 5, Promise.TABLE_BOUND);
        expect();
        checker.read(0, row(0, 3, 5, 3), 5, Promise.TABLE_BOUND);
        expect(Check.SAMPLE);
    }

    @Test
    void aSampleOfAllIsTheWholeGuarantee() {
        begin(Consistency.pssp(1, 2), WORKERS, 5);
        checker.read(0, row(4, 4, 5, 3), 5, Promise.TABLE_BOUND);
        expect(Check.GUARANTEE);
    }

    @Test
    void withFewerColumnsThanWorkersSumsAreHeld() {
        begin(Consistency.ssp(1), 1, 5);
        final long least = ledger.through(ROW, 0, 4) + plan.total(ME, 4, ROW);
        checker.read(0, image(4, least), 5, Promise.TABLE_BOUND);
        expect();
        checker.read(0, image(4, least - 1), 5, Promise.TABLE_BOUND);
        expect(Check.GUARANTEE);
    }

    @Test
    void theEndIsExact() {
        begin(Consistency.ssp(1), WORKERS, CLOCKS);
        checker.readAtEnd(0, row(CLOCKS, CLOCKS, CLOCKS, CLOCKS), CLOCKS);
        expect();
        checker.readAtEnd(0, row(CLOCKS, CLOCKS, CLOCKS, CLOCKS + 1), CLOCKS);
        expect(Check.EXACT_END);
    }
}
