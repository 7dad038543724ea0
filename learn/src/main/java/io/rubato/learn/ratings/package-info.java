/** Ratings in memory: read from files, split into train and test, generated from a planted model. */
package io.rubato.learn.ratings;
