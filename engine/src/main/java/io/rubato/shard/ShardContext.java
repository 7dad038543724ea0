package io.rubato.shard;

import io.rubato.port.StoreFactory;
import io.rubato.port.Transport;
import org.agrona.concurrent.NanoClock;

/**
 * What a shard needs.
 *
 * @param transport          its endpoint
 * @param coordinatorAddress where the coordinator receives
 * @param clock              time
 * @param secret             shared by all processes of the job
 * @param index              of this shard, from 0
 * @param pid                of this process
 * @param stores             opens the row stores
 * @param livenessTimeoutNs  a coordinator that is silent for longer is dead
 */
public record ShardContext(Transport transport, String coordinatorAddress, NanoClock clock, byte[] secret, int index,
        long pid, StoreFactory stores, long livenessTimeoutNs) {
}
