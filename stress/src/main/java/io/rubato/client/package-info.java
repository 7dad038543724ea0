/**
 * Stress tests of what a worker's thread and the client's agent share; in this package because what they test is
 * package-private.
 *
 * <p>In every test the first actor is the only writer and the second the only reader of one object that lives as long
 * as the process, so that they meet in it at every turn; a state holds no more than what one turn has done and seen.
 * The object's own side effects carry over from turn to turn: each actor keeps its count in a static field that the
 * other does not use.
 */
package io.rubato.client;
