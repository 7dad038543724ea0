package io.rubato.shard;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Which clients have read which rows of a pushed table, and which rows have changed since changes were last queued for
 * them. A reader is registered from the moment its image is taken, so that no change falls between.
 */
final class Readers {
    private final int clients;
    /** Bit row * clients + client. */
    private final BitSet registered;
    /** Same layout: the row waits in that client's stream, and will be sent as it is then. */
    private final BitSet queued;
    private final BitSet isChanged;
    private int[] changed = new int[64];
    private int changedCount;

    /** Whether so many can be tracked. */
    static boolean canTrack(final int rows, final int clients) {
        return (rows + 1L) * clients <= Integer.MAX_VALUE;
    }

    Readers(final int rows, final int clients) {
        this.clients = clients;
        this.registered = new BitSet(rows * clients);
        this.queued = new BitSet(rows * clients);
        this.isChanged = new BitSet(rows);
    }

    void register(final int row, final int client) {
        registered.set(row * clients + client);
    }

    void changed(final int row) {
        if (!isChanged.get(row)) {
            isChanged.set(row);
            if (changedCount == changed.length) {
                changed = Arrays.copyOf(changed, 2 * changedCount);
            }
            changed[changedCount++] = row;
        }
    }

    /** Queues every change for every reader of the row. */
    void queueChanges(final int table, final ClientPeer[] peers) {
        for (int i = 0; i < changedCount; i++) {
            final int row = changed[i];
            isChanged.clear(row);
            for (int client = 0; client < clients; client++) {
                final int bit = row * clients + client;
                if (registered.get(bit) && !queued.get(bit)) {
                    queued.set(bit);
                    peers[client].pushes().addRow(table, row);
                }
            }
        }
        changedCount = 0;
    }

    /** The row is being sent as it is now. */
    void sent(final int row, final int client) {
        queued.clear(row * clients + client);
    }
}
