package io.rubato.client;

/**
 * Rows of one table on one shard, asked for with one clock and bound; kept until every image has come, so that it can
 * be repeated. Reused.
 */
final class ReadRequest {
    private final int[] rows;
    private long id;
    private ClientTable table;
    private int worker;
    private long clock;
    private int staleness;
    private long freshness;
    private int count;
    private int outstanding;
    private long sentNs;

    ReadRequest(final int capacity) {
        rows = new int[capacity];
    }

    ReadRequest set(final long id, final ClientTable table, final int worker, final long clock,
            final int staleness, final long freshness) {
        this.id = id;
        this.table = table;
        this.worker = worker;
        this.clock = clock;
        this.staleness = staleness;
        this.freshness = freshness;
        this.count = 0;
        this.outstanding = 0;
        return this;
    }

    boolean takes(final ClientTable other, final long otherClock, final int otherStaleness) {
        return table == other && clock == otherClock && staleness == otherStaleness && count < rows.length;
    }

    void add(final int localRow) {
        rows[count++] = localRow;
        outstanding++;
    }

    void rowDone() {
        outstanding--;
    }

    boolean isAnswered() {
        return outstanding == 0;
    }

    long id() {
        return id;
    }

    ClientTable table() {
        return table;
    }

    long clock() {
        return clock;
    }

    /** The reader, of the whole job; where several share the request, the first. */
    int worker() {
        return worker;
    }

    int staleness() {
        return staleness;
    }

    /** What an image must vouch for to answer; of requests that their rows are counted off of. */
    long freshness() {
        return freshness;
    }

    int count() {
        return count;
    }

    int row(final int i) {
        return rows[i];
    }

    long sentNs() {
        return sentNs;
    }

    void sent(final long nowNs) {
        sentNs = nowNs;
    }
}
