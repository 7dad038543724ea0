package io.rubato.port;

/** A row store on its way, see {@link StoreFactory#begin}. Used by one thread. */
@FunctionalInterface
public interface StoreOpening {
    /**
     * Goes on for some milliseconds, or some tens on a slow file system.
     *
     * @return the store; null while it is not ready. Not to be called again after it was, or after an error
     * @throws java.io.UncheckedIOException naming the file, and the offset where its content is wrong
     */
    RowStore proceed();

    /** Gives up a store that is not ready: nothing is left of it. */
    default void cancel() {
    }
}
