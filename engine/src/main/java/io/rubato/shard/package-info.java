/** A shard: the only writer of its rows; applies deltas, keeps the vector clock, answers or parks reads. */
package io.rubato.shard;
