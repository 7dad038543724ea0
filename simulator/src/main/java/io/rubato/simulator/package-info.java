/**
 * A whole cluster in one thread: the engine's own client, shard and coordinator on virtual time and a virtual network,
 * with faults. A seed replays a run exactly.
 *
 * <p>Start with {@link io.rubato.simulator.Scenario} and {@link io.rubato.simulator.Simulation#run}.
 */
package io.rubato.simulator;
