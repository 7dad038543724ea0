/** Matrix factorization of ratings. */
package io.rubato.learn.mf;
