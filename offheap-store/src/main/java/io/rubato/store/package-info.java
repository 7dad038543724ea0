/**
 * Row stores in mapped files: {@link io.rubato.store.SlabStoreFactory} for the shard that owns the rows,
 * {@link io.rubato.store.SlabReader} for other processes of the same machine.
 */
package io.rubato.store;
