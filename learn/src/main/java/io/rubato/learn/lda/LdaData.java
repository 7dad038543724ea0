package io.rubato.learn.lda;

import io.rubato.learn.words.Corpus;

/**
 * What a job reads.
 *
 * @param train documents
 * @param test  documents over the same words; null if there are none
 * @param names of the words; null if they have none
 */
record LdaData(Corpus train, Corpus test, String[] names) {
}
