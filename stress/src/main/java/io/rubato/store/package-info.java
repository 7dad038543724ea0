/**
 * Stress tests of what a shard and the one-sided readers of its slab share. The shard writes through one mapping of the
 * file and the reader reads through another, as two processes do.
 *
 * <p>In every test the first actor is the only writer and the second the only reader of one slab that lives as long as
 * the process; a state holds no more than what one turn has done and seen.
 */
package io.rubato.store;
