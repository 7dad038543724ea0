package io.rubato.simulator;

import java.util.Arrays;

/** The messages on their way to one endpoint, a binary heap by time of arrival. */
final class ArrivalQueue {
    private Message[] heap = new Message[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    Message first() {
        return heap[0];
    }

    void add(final Message message) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, 2 * size);
        }
        int i = size++;
        while (i > 0 && message.isBefore(heap[(i - 1) / 2])) {
            heap[i] = heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }
        heap[i] = message;
    }

    Message removeFirst() {
        final Message first = heap[0];
        final Message last = heap[--size];
        heap[size] = null;
        int i = 0;
        while (2 * i + 1 < size) {
            int child = 2 * i + 1;
            if (child + 1 < size && heap[child + 1].isBefore(heap[child])) {
                child++;
            }
            if (!heap[child].isBefore(last)) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        if (size > 0) {
            heap[i] = last;
        }
        return first;
    }
}
