package io.rubato.learn.testing;

import io.rubato.ElementType;
import io.rubato.Row;
import io.rubato.Table;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One worker's copy of a table: what it merged from all workers, what it sees, and its own deltas per clock. */
final class FakeTable {
    final Table table;
    final Row row;
    /** All deltas of all workers stamped less than {@link #merged}. */
    final MemorySegment base;
    /** {@link #base} and all deltas of the worker itself. */
    final MemorySegment view;
    /** Per finished clock, and last the one under way. */
    final List<Log> logs = new ArrayList<>();
    long merged;
    /** Rows that are open for writing, and each as it was before. */
    private final Map<Long, MemorySegment> edited = new LinkedHashMap<>();

    FakeTable(final Table table) {
        this.table = table;
        row = new Row(table.spec());
        base = Arena.ofAuto().allocate(table.spec().rows() * stride(), 64);
        view = Arena.ofAuto().allocate(table.spec().rows() * stride(), 64);
        logs.add(new Log());
    }

    long stride() {
        return (table.spec().rowBytes() + 63) / 64 * 64;
    }

    void edit(final long id) {
        edited.computeIfAbsent(id, row -> Arena.ofAuto().allocate(stride(), 64)
                .copyFrom(view.asSlice(row * stride(), stride())));
    }

    /** Makes deltas of what was written in place. */
    void fold() {
        edited.forEach((row, before) -> {
            for (int i = 0; i < table.spec().columns(); i++) {
                if (table.spec().type() != ElementType.F32) {
                    throw new IllegalStateException("only F32 rows are edited here");
                }
                before.setAtIndex(ValueLayout.JAVA_FLOAT, i,
                        view.get(ValueLayout.JAVA_FLOAT, row * stride() + 4L * i)
                                - before.getAtIndex(ValueLayout.JAVA_FLOAT, i));
            }
            final Log log = logs.getLast();
            // The place first: it may move the memory.
            final long to = log.offsetOf(Math.toIntExact(row));
            add(log.deltas, to, before, 0);
        });
        edited.clear();
    }

    void inc(final long id, final MemorySegment delta, final long offset) {
        add(view, id * stride(), delta, offset);
        if (edited.containsKey(id)) {
            return;
        }
        final Log log = logs.getLast();
        final long to = log.offsetOf((int) id);
        add(log.deltas, to, delta, offset);
    }

    void add(final MemorySegment target, final long to, final MemorySegment source, final long from) {
        final ElementType type = table.spec().type();
        for (int i = 0; i < table.spec().columns(); i++) {
            final long a = to + (long) i * type.bytes();
            final long b = from + (long) i * type.bytes();
            switch (type) {
                case F32 -> target.set(ValueLayout.JAVA_FLOAT, a,
                        target.get(ValueLayout.JAVA_FLOAT, a) + source.get(ValueLayout.JAVA_FLOAT, b));
                case F64 -> target.set(ValueLayout.JAVA_DOUBLE, a,
                        target.get(ValueLayout.JAVA_DOUBLE, a) + source.get(ValueLayout.JAVA_DOUBLE, b));
                case I32 -> target.set(ValueLayout.JAVA_INT, a,
                        target.get(ValueLayout.JAVA_INT, a) + source.get(ValueLayout.JAVA_INT, b));
                case I64 -> target.set(ValueLayout.JAVA_LONG, a,
                        target.get(ValueLayout.JAVA_LONG, a) + source.get(ValueLayout.JAVA_LONG, b));
            }
        }
    }

    /** A clock's deltas, coalesced per row. */
    final class Log {
        int[] rows = new int[16];
        int count;
        MemorySegment deltas = Arena.ofAuto().allocate(16 * stride(), 64);
        private int[] slots = new int[(int) table.spec().rows()];

        long offsetOf(final int id) {
            if (slots[id] == 0) {
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, 2 * count);
                    final MemorySegment larger = Arena.ofAuto().allocate(2 * count * stride(), 64);
                    MemorySegment.copy(deltas, 0, larger, 0, count * stride());
                    deltas = larger;
                }
                rows[count++] = id;
                slots[id] = count;
            }
            return (slots[id] - 1) * stride();
        }

        void finish() {
            slots = null;
        }
    }
}
