package io.rubato.shard;

import io.rubato.kernel.Memory;
import io.rubato.protocol.RowRecords;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The rows of the last message that was pushed, for other clients that are to get the same: what is sent to many is
 * read and encoded once. Holds good while the table's version does, since equal versions have equal values.
 */
final class PushBatch {
    private final MemorySegment records;
    private final long[] entries;
    private ShardTable table;
    private long version;
    private int count;

    /**
     * Empty.
     *
     * @param maxLength of a message's records, bytes
     */
    PushBatch(final int maxLength) {
        records = Arena.ofAuto().allocate(maxLength, Long.BYTES);
        entries = new long[maxLength / RowRecords.HEADER_LENGTH];
    }

    /** Copies the records to a message if they are those of these rows, as they are now. */
    boolean copy(final ShardTable ofTable, final PushStream stream, final long first, final int size,
            final long address) {
        if (table != ofTable || version != ofTable.version() || count != size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (entries[i] != stream.entry(first + i)) {
                return false;
            }
        }
        MemorySegment.copy(records, 0, Memory.ALL, address, (long) size * ofTable.pushedLength());
        return true;
    }

    /** Takes over the records of a message; a row longer than a claim is not worth the room. */
    void keep(final ShardTable ofTable, final PushStream stream, final long first, final int size, final long address) {
        final long length = (long) size * ofTable.pushedLength();
        if (length > records.byteSize()) {
            table = null;
            return;
        }
        table = ofTable;
        version = ofTable.version();
        count = size;
        for (int i = 0; i < size; i++) {
            entries[i] = stream.entry(first + i);
        }
        MemorySegment.copy(Memory.ALL, address, records, 0, length);
    }
}
