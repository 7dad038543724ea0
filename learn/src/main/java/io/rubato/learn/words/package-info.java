/** Bags of words: reading, checking and generating corpora. */
package io.rubato.learn.words;
