package io.rubato.coordinator;

import io.rubato.port.Transport;
import org.agrona.concurrent.NanoClock;

/**
 * What a coordinator needs.
 *
 * @param transport         its endpoint
 * @param clock             time
 * @param job               id of the job: random, not 0, known only to those who were admitted
 * @param secret            shared by all processes of the job; admission is refused without it
 * @param shards            how many shard processes take part, at least 1
 * @param clients           how many client processes take part, at least 1
 * @param workersPerClient  threads in each, at least 1
 * @param config            handed to every admitted process as it is; at most 32 KiB in UTF-8
 * @param livenessTimeoutNs a process that is silent for longer is dead
 * @param listener          hears what happens
 */
public record CoordinatorContext(Transport transport, NanoClock clock, long job, byte[] secret, int shards, int clients,
        int workersPerClient, String config, long livenessTimeoutNs, JobListener listener) {
}
