package io.rubato.simulator;

import java.util.SplittableRandom;

/**
 * Which node's turn comes next: an indexed binary heap by time. Among turns at the same time the one that was scheduled
 * first comes first; or, if so asked, chance decides.
 */
final class Agenda {
    private final long[] time;
    private final long[] tie;
    private final int[] heap;
    private final int[] position;
    private final SplittableRandom random;
    private long scheduled;

    /** All nodes at {@link Long#MAX_VALUE}; random may be null. */
    Agenda(final int nodes, final SplittableRandom random) {
        this.time = new long[nodes];
        this.tie = new long[nodes];
        this.heap = new int[nodes];
        this.position = new int[nodes];
        this.random = random;
        for (int i = 0; i < nodes; i++) {
            time[i] = Long.MAX_VALUE;
            heap[i] = i;
            position[i] = i;
        }
    }

    int first() {
        return heap[0];
    }

    long firstTime() {
        return time[heap[0]];
    }

    long time(final int node) {
        return time[node];
    }

    void schedule(final int node, final long at) {
        time[node] = at;
        tie[node] = random == null ? scheduled++ : random.nextLong();
        up(position[node]);
        down(position[node]);
    }

    private void up(final int from) {
        int i = from;
        while (i > 0 && isBefore(heap[i], heap[(i - 1) / 2])) {
            swap(i, (i - 1) / 2);
            i = (i - 1) / 2;
        }
    }

    private void down(final int from) {
        int i = from;
        while (2 * i + 1 < heap.length) {
            int child = 2 * i + 1;
            if (child + 1 < heap.length && isBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (!isBefore(heap[child], heap[i])) {
                return;
            }
            swap(i, child);
            i = child;
        }
    }

    private boolean isBefore(final int a, final int b) {
        return time[a] < time[b] || time[a] == time[b] && tie[a] < tie[b];
    }

    private void swap(final int i, final int j) {
        final int a = heap[i];
        final int b = heap[j];
        heap[i] = b;
        heap[j] = a;
        position[b] = i;
        position[a] = j;
    }
}
