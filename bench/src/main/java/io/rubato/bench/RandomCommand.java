package io.rubato.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rubato bench random}. */
@Command(name = "random", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Random reads and adds on one slab that is far larger than the cache, on one thread, beside the "
                + "bare kernel on the same addresses.")
final class RandomCommand extends Bench {
    private static final double BUDGET = 1.3;

    @Option(names = "--rows", paramLabel = "N", defaultValue = "2097152",
            description = "Rows of the table (default ${DEFAULT-VALUE}: 1 GiB).")
    private int rows;

    @Option(names = "--columns", paramLabel = "N", defaultValue = "128",
            description = "Floats in a row (default ${DEFAULT-VALUE}).")
    private int columns;

    @Option(names = "--visits", paramLabel = "N", defaultValue = "2000000",
            description = "Rows visited in a repetition (default ${DEFAULT-VALUE}).")
    private int visits;

    @Option(names = "--repeats", paramLabel = "N", defaultValue = "5",
            description = "Repetitions, after one that warms up (default ${DEFAULT-VALUE}).")
    private int repeats;

    @Override
    void check() {
        inRange("--rows", rows, 1, 1 << 26);
        inRange("--columns", columns, 1, 1 << 12);
        inRange("--visits", visits, 1, 1 << 30);
        inRange("--repeats", repeats, 1, 1000);
    }

    @Override
    int measure(final Report report) {
        final List<Budget> budgets = new ArrayList<>();
        try (RandomVisits random = new RandomVisits(rows, columns)) {
            final Map<String, Samples> nanos = random.measure(visits, repeats);
            budgets.add(Budget.atMost("add", "add to a row of the slab, beside the bare kernel", "ns",
                    nanos.get("add"), nanos.get("bareAdd"), BUDGET));
            budgets.add(Budget.atMost("add-runs", "add to rows of the slab, in runs, beside the bare kernel", "ns",
                    nanos.get("addRuns"), nanos.get("bareAdd"), BUDGET));
            budgets.add(Budget.atMost("read", "copy a row of the slab, beside a bare copy", "ns", nanos.get("read"),
                    nanos.get("bareRead"), BUDGET));
            budgets.add(Budget.atMost("one-sided", "one-sided read of a row, beside a bare copy", "ns",
                    nanos.get("oneSided"), nanos.get("bareRead"), BUDGET));
            budgets.add(Budget.atMost("one-sided-runs", "one-sided read of a row, in runs, beside a bare copy", "ns",
                    nanos.get("oneSidedRuns"), nanos.get("bareRead"), BUDGET));
            report.say("%,d rows of %d floats: a slab of %,d MiB; %,d random visits", rows, columns,
                    random.bytes() >> 20, visits);
        }
        report.put("rows", rows);
        report.put("columns", columns);
        BudgetsCommand.judge(report, budgets);
        return 0;
    }
}
