/**
 * The program: command line, launcher, the roles' processes, progress display and result.
 *
 * <p>{@link io.rubato.node.Main} parses the command line. {@code train} writes a job file into a private run directory
 * and starts one process per role; each role wires the engine's agent to a transport and runs it until the job ends.
 */
package io.rubato.node;
