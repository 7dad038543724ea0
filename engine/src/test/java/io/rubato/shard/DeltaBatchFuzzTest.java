package io.rubato.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.rubato.Consistency;
import io.rubato.ElementType;
import io.rubato.Encoding;
import io.rubato.TableSpec;
import io.rubato.protocol.ControlEncoder;
import io.rubato.protocol.Inbox;
import io.rubato.protocol.sbe.DeltaBatchDecoder;
import io.rubato.protocol.sbe.MessageHeaderDecoder;
import io.rubato.protocol.sbe.ShardStatusDecoder;
import io.rubato.protocol.sbe.ShardSummaryDecoder;
import io.rubato.protocol.sbe.TableReadyDecoder;
import io.rubato.testing.MemoryNetwork;
import io.rubato.testing.Messages;
import io.rubato.testing.Mutation;
import io.rubato.testing.PlayedMember;
import io.rubato.testing.Stage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Spoiled batches of deltas against a second reading of the wire format: each is applied whole or not at all, and never
 * twice.
 */
class DeltaBatchFuzzTest {
    private static final int ROWS = 4;
    private static final int COLUMNS = 3;
    private static final int BATCHES = 15_000;
    /** Records: some batches are longer than what a shard works on together, 256 rows as short as these. */
    private static final int MANY = 1_000;
    private static final Logger LOG = Logger.getLogger(Inbox.class.getName());

    private ElementType type;
    private final long[][] model = new long[ROWS][COLUMNS];
    private long modelSequence;
    private long modelRecords;
    private long applied;
    private long appliedSequence;
    private long spoiled;

    private final MessageHeaderDecoder header = new MessageHeaderDecoder();
    private final ShardStatusDecoder status = new ShardStatusDecoder();
    private final ShardSummaryDecoder summary = new ShardSummaryDecoder();
    private final Stage stage = new Stage(new MemoryNetwork((from, to, message) -> {
        if (!from.equals("memory:shard0")) {
            return 1;
        }
        header.wrap(message, 0);
        if (header.templateId() == ShardStatusDecoder.TEMPLATE_ID) {
            appliedSequence = status.wrapAndApplyHeader(message, 0, header).appliedSequence();
        }
        if (header.templateId() == ShardSummaryDecoder.TEMPLATE_ID) {
            applied = summary.wrapAndApplyHeader(message, 0, header).deltaRowsApplied();
            spoiled = summary.badMessages();
            return 0;
        }
        return 1;
    }));

    @BeforeAll
    static void hush() {
        LOG.setLevel(Level.OFF);
    }

    @AfterAll
    static void speak() {
        LOG.setLevel(null);
    }

    @ParameterizedTest
    @CsvSource({"I64,1", "I64,2", "I64,3", "F32,1", "F32,2"})
    void batchesAreAppliedWholeOrNotAtAll(final ElementType element, final long seed) {
        type = element;
        stage.coordinator(1, 1, 2);
        stage.shard(0);
        final PlayedMember client = stage.playClient(0);
        stage.await("the start", () -> client.session().isStarted());
        client.send("coordinator", Messages.control(new ControlEncoder().createTable(Stage.JOB, 0,
                new TableSpec("t", ROWS, COLUMNS, type, Consistency.bsp(),
                        type == ElementType.F32 ? Encoding.BF16 : Encoding.EXACT))));
        stage.await("the table", () -> !client.take(TableReadyDecoder.TEMPLATE_ID).isEmpty());
        final SplittableRandom random = new SplittableRandom(seed);
        final Mutation mutation = new Mutation(random);
        int good = 0;
        int bad = 0;
        for (int i = 0; i < BATCHES; i++) {
            UnsafeBuffer message = batch(random);
            if (random.nextInt(8) != 0) {
                message = mutation.spoil(message);
            }
            if (message.capacity() >= 4) {
                message.putShort(2, (short) DeltaBatchDecoder.TEMPLATE_ID);
            }
            if (read(message)) {
                good++;
            } else {
                bad++;
            }
            client.send("shard0", message);
            stage.cycle();
            check();
        }
        client.send("shard0", Messages.control(new ControlEncoder().finish(Stage.JOB)));
        stage.cycles(2);
        assertEquals(modelRecords, applied);
        assertTrue(good > BATCHES / 50 && bad > BATCHES / 50 && spoiled > BATCHES / 50,
                good + " good, " + bad + " bad, " + spoiled + " spoiled");
    }

    private UnsafeBuffer batch(final SplittableRandom random) {
        final boolean isLong = random.nextInt(50) == 0;
        final int count = random.nextInt(isLong ? MANY : 4);
        final byte[][] records = new byte[count][];
        int form = random.nextInt(4);
        for (int i = 0; i < count; i++) {
            final int row = random.nextInt(ROWS);
            // Long ones are mostly alike.
            form = isLong && random.nextInt(MANY / 2) != 0 ? form : random.nextInt(4);
            records[i] = type == ElementType.F32 ? floats(form, row, random)
                    : form < 2 ? Messages.dense(row, random.nextLong(), 1, random.nextLong())
                    : Messages.sparse(row, new int[] {random.nextInt(COLUMNS), random.nextInt(COLUMNS)},
                            random.nextLong(), 7);
        }
        final long sequence = modelSequence + (random.nextInt(10) == 0 ? random.nextInt(4) - 1 : 1);
        return Messages.deltaBatch(Stage.JOB, sequence, 0, random.nextInt(2), 0, count, Messages.run(records));
    }

    private static byte[] floats(final int form, final int row, final SplittableRandom random) {
        final float value = Float.intBitsToFloat(random.nextInt());
        return switch (form) {
            case 0 -> Messages.denseFloats(row, value, 1, 2);
            case 1 -> Messages.sparseFloats(row, new int[] {random.nextInt(COLUMNS), 1}, value, 7);
            default -> Messages.denseBf16(row, 1, value, 0.5f);
        };
    }

    /** Reads a message as the schema says and applies it to the model; false if it has to be dropped. */
    private boolean read(final UnsafeBuffer message) {
        final byte[] bytes = new byte[message.capacity()];
        message.getBytes(0, bytes);
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        final long[][] sum = new long[ROWS][];
        for (int row = 0; row < ROWS; row++) {
            sum[row] = model[row].clone();
        }
        final int count;
        try {
            count = read(buffer, sum);
        } catch (final BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
            return false;
        }
        if (count < 0) {
            return false;
        }
        System.arraycopy(sum, 0, model, 0, ROWS);
        modelSequence++;
        modelRecords += count;
        return true;
    }

    /** Adds to the sums; -1 if the message has to be dropped. */
    private int read(final ByteBuffer buffer, final long[][] sum) {
        final int block = buffer.getShort() & 0xFFFF;
        buffer.getShort();
        final boolean known = buffer.getShort() == 7101 && buffer.getShort() == MessageHeaderDecoder.SCHEMA_VERSION
                && buffer.getLong() == Stage.JOB;
        final long sequence = buffer.getLong();
        buffer.getLong();
        final int client = buffer.getInt();
        final int worker = buffer.getInt();
        final int table = buffer.getInt();
        final int count = buffer.getInt();
        if (!known || sequence != modelSequence + 1 || client != 0 || worker < 0 || worker > 1 || table != 0) {
            return -1;
        }
        buffer.position(8 + block);
        final int length = buffer.getInt();
        if (length < 0) {
            return -1;
        }
        buffer.limit(buffer.position() + length);
        for (int i = 0; i < count; i++) {
            final long[] row = sum[buffer.getInt()];
            final int columns = buffer.getInt();
            if (columns < (type == ElementType.F32 ? -2 : -1) || columns > COLUMNS) {
                return -1;
            }
            final int[] ids = new int[columns < 0 ? COLUMNS : columns];
            for (int c = 0; c < ids.length; c++) {
                ids[c] = columns < 0 ? c : buffer.getInt();
            }
            for (final int id : ids) {
                row[id] = sum(row[id], buffer, columns == -2);
            }
        }
        return buffer.hasRemaining() ? -1 : count;
    }

    /** Floats as their bits. */
    private long sum(final long held, final ByteBuffer buffer, final boolean isBf16) {
        return type == ElementType.I64 ? held + buffer.getLong()
                : Float.floatToIntBits(Float.intBitsToFloat((int) held)
                        + (isBf16 ? Float.intBitsToFloat(buffer.getShort() << 16) : buffer.getFloat()));
    }

    private void check() {
        assertEquals(modelSequence, appliedSequence);
        final MemorySegment copy = Arena.ofAuto().allocate(8 * COLUMNS, 8);
        for (int row = 0; row < ROWS; row++) {
            stage.store("t", 0).read(row, copy, 0);
            for (int column = 0; column < COLUMNS; column++) {
                assertEquals(model[row][column], type == ElementType.I64
                        ? copy.getAtIndex(ValueLayout.JAVA_LONG, column)
                        : Float.floatToIntBits(copy.getAtIndex(ValueLayout.JAVA_FLOAT, column)));
            }
        }
    }
}
