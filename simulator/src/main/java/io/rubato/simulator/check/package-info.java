/**
 * An audited workload and the checkers of the guarantee. They see the public API of a worker, so that they serve on
 * real processes too; what only a simulation can know comes in through {@link io.rubato.simulator.check.AuditObserver}.
 */
package io.rubato.simulator.check;
