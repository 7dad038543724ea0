package io.rubato.client;

import io.rubato.port.RowViewFactory;
import io.rubato.port.Transport;
import java.util.function.Supplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * What a client needs.
 *
 * @param transport          its endpoint
 * @param coordinatorAddress where the coordinator receives
 * @param clock              time
 * @param secret             shared by all processes of the job
 * @param index              of this client, from 0
 * @param pid                of this process
 * @param workers            threads of this process that train, at least 1
 * @param memory             bounds of what it keeps
 * @param views              of the memory of shards on this machine
 * @param workerIdle         how a worker that must wait spends its time
 * @param workersAssist      whether a worker that waits, or ends a clock, runs the client's duty cycle itself when the
 *                           agent's thread does not run it just then; transport and stores are then used by several
 *                           threads, one at a time
 * @param livenessTimeoutNs  a coordinator that is silent for longer is dead
 */
public record ClientContext(Transport transport, String coordinatorAddress, NanoClock clock, byte[] secret, int index,
        long pid, int workers, ClientMemory memory, RowViewFactory views, Supplier<IdleStrategy> workerIdle,
        boolean workersAssist, long livenessTimeoutNs) {
    /**
     * A client that asks for every row by message, and whose workers only wait when they wait.
     *
     * @param transport          its endpoint
     * @param coordinatorAddress where the coordinator receives
     * @param clock              time
     * @param secret             shared by all processes of the job
     * @param index              of this client, from 0
     * @param pid                of this process
     * @param workers            threads of this process that train, at least 1
     * @param memory             bounds of what it keeps
     * @param workerIdle         how a worker that must wait spends its time
     * @param livenessTimeoutNs  a coordinator that is silent for longer is dead
     */
    public ClientContext(final Transport transport, final String coordinatorAddress, final NanoClock clock,
            final byte[] secret, final int index, final long pid, final int workers, final ClientMemory memory,
            final Supplier<IdleStrategy> workerIdle, final long livenessTimeoutNs) {
        this(transport, coordinatorAddress, clock, secret, index, pid, workers, memory, RowViewFactory.NONE, workerIdle,
                false, livenessTimeoutNs);
    }
}
