/**
 * Membership, the partition map, the table catalogue and the job's progress, as a deterministic state machine with an
 * agent around it.
 */
package io.rubato.coordinator;
