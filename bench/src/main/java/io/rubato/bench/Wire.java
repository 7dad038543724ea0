package io.rubato.bench;

import io.rubato.TableSpec;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.RowRecords;
import io.rubato.protocol.sbe.DeltaBatchEncoder;
import io.rubato.protocol.sbe.RowImagesEncoder;

/**
 * What carries messages, for Rubato and for bare Aeron alike.
 *
 * @param udp        over loopback; otherwise shared memory
 * @param mtu        longest frame, bytes
 * @param termLength of each stream, bytes
 */
record Wire(boolean udp, int mtu, int termLength) {
    static final String HOST = "127.0.0.1";
    static final int DEFAULT_IPC_TERM_LENGTH = 4 << 20;
    static final int DEFAULT_UDP_TERM_LENGTH = 1 << 20;
    static final int DEFAULT_IPC_MTU = 32 * 1024;
    static final int DEFAULT_UDP_MTU = 16 * 1024;
    private static final int FRAME_HEADER = 32;
    private static final int MAX_MTU = 65_504;

    /**
     * Judges a command line's MTU.
     *
     * @throws IllegalArgumentException if Aeron would refuse it
     */
    static void checkMtu(final int mtu) {
        if (mtu != 0 && (mtu % FRAME_HEADER != 0 || mtu < 2 * FRAME_HEADER || mtu > MAX_MTU)) {
            throw new IllegalArgumentException(
                    "--mtu must be a multiple of 32 from 64 to " + MAX_MTU + ", got " + mtu);
        }
    }

    /** The program's defaults, but for an MTU that is not 0. */
    static Wire of(final boolean udp, final int mtu) {
        return new Wire(udp, mtu != 0 ? mtu : udp ? DEFAULT_UDP_MTU : DEFAULT_IPC_MTU,
                udp ? DEFAULT_UDP_TERM_LENGTH : DEFAULT_IPC_TERM_LENGTH);
    }

    String name() {
        return udp ? "UDP" : "IPC";
    }

    /** Dense rows in the longest delta batch that is sent at once. */
    int rowsPerBatch(final TableSpec spec) {
        return Math.max(1, (mtu - FRAME_HEADER - batchOverhead()) / RowRecords.denseLength(spec));
    }

    /** Length of that batch, bytes. */
    int batchLength(final TableSpec spec) {
        return batchOverhead() + rowsPerBatch(spec) * RowRecords.denseLength(spec);
    }

    /** Bytes of content and headers per dense row in the longest delta batch. */
    double bytesPerRow(final TableSpec spec) {
        return (double) batchLength(spec) / rowsPerBatch(spec);
    }

    private static int batchOverhead() {
        return Inbox.HEADER_LENGTH + DeltaBatchEncoder.BLOCK_LENGTH + DeltaBatchEncoder.rowsHeaderLength();
    }

    /** Length of an answer with one row image, bytes. */
    static int answerLength(final TableSpec spec) {
        return Inbox.HEADER_LENGTH + RowImagesEncoder.BLOCK_LENGTH + RowImagesEncoder.rowsHeaderLength()
                + RowRecords.denseLength(spec);
    }
}
