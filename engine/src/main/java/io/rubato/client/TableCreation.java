package io.rubato.client;

import io.rubato.Table;
import io.rubato.TableSpec;

/** A worker's wish for a table on its way through the agent to the coordinator and back. */
final class TableCreation {
    private final TableSpec spec;
    private Table table;
    private String refusal;
    private volatile boolean done;

    TableCreation(final TableSpec spec) {
        this.spec = spec;
    }

    TableSpec spec() {
        return spec;
    }

    void ready(final Table opened) {
        table = opened;
        done = true;
    }

    void refused(final String reason) {
        refusal = reason;
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /** Once it is done. */
    Table table() {
        if (refusal != null) {
            throw new IllegalArgumentException(refusal);
        }
        return table;
    }
}
